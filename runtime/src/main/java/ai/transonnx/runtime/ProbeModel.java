package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.TypeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.format.internal.wire.MessageWriter;

/** A minimal ONNX file, which copies one float. Loading it shows what ONNX Runtime supports. */
final class ProbeModel {
  private static final int IR = 8;
  private static final int OPSET = 17;
  private static final int FUTURE = 10_000;

  private ProbeModel() {}

  /** A file that every supported runtime loads. */
  static byte[] valid() {
    return model(IR, OPSET);
  }

  /** A file of an IR version that no runtime supports. */
  static byte[] withFutureIr() {
    return model(FUTURE, OPSET);
  }

  /** A file of an opset that no runtime supports. */
  static byte[] withFutureOpset() {
    return model(IR, FUTURE);
  }

  private static byte[] model(int ir, int opset) {
    var node =
        new MessageWriter()
            .text(NodeProto.INPUT_FIELD_NUMBER, "x")
            .text(NodeProto.OUTPUT_FIELD_NUMBER, "y")
            .text(NodeProto.OP_TYPE_FIELD_NUMBER, "Identity");
    var graph =
        new MessageWriter()
            .message(GraphProto.NODE_FIELD_NUMBER, node)
            .text(GraphProto.NAME_FIELD_NUMBER, "probe")
            .message(GraphProto.INPUT_FIELD_NUMBER, value("x"))
            .message(GraphProto.OUTPUT_FIELD_NUMBER, value("y"));
    var standard = new MessageWriter().number(OperatorSetIdProto.VERSION_FIELD_NUMBER, opset);
    return new MessageWriter()
        .number(ModelProto.IR_VERSION_FIELD_NUMBER, ir)
        .message(ModelProto.GRAPH_FIELD_NUMBER, graph)
        .message(ModelProto.OPSET_IMPORT_FIELD_NUMBER, standard)
        .encode()
        .toByteArray();
  }

  /** A value of type float32 [1]. */
  private static MessageWriter value(String name) {
    var one = new MessageWriter().number(TensorShapeProto.Dimension.DIM_VALUE_FIELD_NUMBER, 1);
    var tensor =
        new MessageWriter()
            .number(TypeProto.Tensor.ELEM_TYPE_FIELD_NUMBER, ElementType.FLOAT32.onnxNumber())
            .message(
                TypeProto.Tensor.SHAPE_FIELD_NUMBER,
                new MessageWriter().message(TensorShapeProto.DIM_FIELD_NUMBER, one));
    return new MessageWriter()
        .text(ValueInfoProto.NAME_FIELD_NUMBER, name)
        .message(
            ValueInfoProto.TYPE_FIELD_NUMBER,
            new MessageWriter().message(TypeProto.TENSOR_TYPE_FIELD_NUMBER, tensor));
  }
}
