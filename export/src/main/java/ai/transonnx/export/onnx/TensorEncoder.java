package ai.transonnx.export.onnx;

import ai.transonnx.export.proto.TensorProto;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.TensorType;
import com.google.protobuf.ByteString;

/** Tensors as ONNX's messages. */
final class TensorEncoder {
  private TensorEncoder() {}

  static TensorProto encode(String name, Tensor tensor) {
    return start(name, tensor.type()).setRawData(ByteString.copyFrom(tensor.bytes())).build();
  }

  /** A parameter without its elements. */
  static TensorProto.Builder encode(Parameter parameter) {
    var tensor = start(parameter.name(), new TensorType(parameter.elements(), parameter.shape()));
    if (parameter.isDerived()) {
      tensor.setDocString(parameter.source().describe());
    }
    return tensor;
  }

  private static TensorProto.Builder start(String name, TensorType type) {
    var tensor = TensorProto.newBuilder().setName(name).setDataType(type.elements().onnxNumber());
    for (long size : type.shape().sizes()) {
      tensor.addDims(size);
    }
    return tensor;
  }
}
