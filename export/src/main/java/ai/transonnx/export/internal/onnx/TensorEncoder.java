package ai.transonnx.export.internal.onnx;

import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import com.google.protobuf.ByteString;

/** Encodes tensors as {@code TensorProto}. */
final class TensorEncoder {
  private TensorEncoder() {}

  static MessageWriter encode(String name, Tensor tensor) {
    return start(name, tensor.type())
        .bytes(TensorProto.RAW_DATA_FIELD_NUMBER, ByteString.copyFrom(tensor.bytes()));
  }

  /** A parameter without its elements. */
  static MessageWriter encode(Parameter parameter) {
    var tensor = start(parameter.name(), new TensorType(parameter.elements(), parameter.shape()));
    return parameter.isDerived()
        ? tensor.text(TensorProto.DOC_STRING_FIELD_NUMBER, parameter.source().describe())
        : tensor;
  }

  private static MessageWriter start(String name, TensorType type) {
    var tensor = new MessageWriter();
    for (long size : type.shape().sizes()) {
      tensor.number(TensorProto.DIMS_FIELD_NUMBER, size);
    }
    return tensor
        .number(TensorProto.DATA_TYPE_FIELD_NUMBER, type.elements().onnxNumber())
        .text(TensorProto.NAME_FIELD_NUMBER, name);
  }
}
