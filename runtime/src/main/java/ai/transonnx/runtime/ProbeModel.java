package ai.transonnx.runtime;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

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
    byte[] node = join(text(1, "x"), text(2, "y"), text(4, "Identity"));
    byte[] graph =
        join(field(1, node), text(2, "probe"), field(11, value("x")), field(12, value("y")));
    return join(number(1, ir), field(7, graph), field(8, number(2, opset)));
  }

  /** A float32 [1]. */
  private static byte[] value(String name) {
    byte[] shape = field(1, number(1, 1));
    return join(text(1, name), field(2, field(1, join(number(1, 1), field(2, shape)))));
  }

  private static byte[] text(int field, String value) {
    return field(field, value.getBytes(StandardCharsets.US_ASCII));
  }

  private static byte[] field(int field, byte[] content) {
    return join(varint(field << 3 | 2), varint(content.length), content);
  }

  private static byte[] number(int field, int value) {
    return join(varint(field << 3), varint(value));
  }

  private static byte[] varint(int value) {
    var bytes = new ByteArrayOutputStream();
    int rest = value;
    for (; rest > 0x7F; rest >>>= 7) {
      bytes.write((rest & 0x7F) | 0x80);
    }
    bytes.write(rest);
    return bytes.toByteArray();
  }

  private static byte[] join(byte[]... parts) {
    var bytes = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      bytes.writeBytes(part);
    }
    return bytes.toByteArray();
  }
}
