package ai.transonnx.runtime;

/** The smallest ONNX file, to ask the runtime questions with: one float goes in and comes out. */
final class ProbeModel {
  private static final int IR = 8;
  private static final int OPSET = 17;
  private static final int FUTURE = 10_000;

  private ProbeModel() {}

  /** A file that every supported runtime loads. */
  static byte[] valid() {
    return model(IR, OPSET);
  }

  /** A file of an IR version that no runtime has. */
  static byte[] withFutureIr() {
    return model(FUTURE, OPSET);
  }

  /** A file of an opset that no runtime has. */
  static byte[] withFutureOpset() {
    return model(IR, FUTURE);
  }

  private static byte[] model(int ir, int opset) {
    var node = new WireMessage().text(1, "x").text(2, "y").text(4, "Identity");
    var graph =
        new WireMessage()
            .message(1, node)
            .text(2, "probe")
            .message(11, value("x"))
            .message(12, value("y"));
    return new WireMessage()
        .number(1, ir)
        .message(7, graph)
        .message(8, new WireMessage().number(2, opset))
        .toBytes();
  }

  /** A float32 [1]. */
  private static WireMessage value(String name) {
    var shape = new WireMessage().message(1, new WireMessage().number(1, 1));
    var tensor = new WireMessage().number(1, 1).message(2, shape);
    return new WireMessage().text(1, name).message(2, new WireMessage().message(1, tensor));
  }
}
