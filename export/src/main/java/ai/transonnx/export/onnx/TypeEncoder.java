package ai.transonnx.export.onnx;

import ai.transonnx.export.proto.TensorShapeProto;
import ai.transonnx.export.proto.TypeProto;
import ai.transonnx.export.proto.ValueInfoProto;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;

/** Types of values as ONNX's messages. */
final class TypeEncoder {
  private TypeEncoder() {}

  static ValueInfoProto encode(Value value) {
    return ValueInfoProto.newBuilder().setName(value.name()).setType(encode(value.type())).build();
  }

  private static TypeProto encode(TensorType type) {
    var tensor =
        TypeProto.Tensor.newBuilder()
            .setElemType(type.elements().onnxNumber())
            .setShape(encode(type.shape()));
    return TypeProto.newBuilder().setTensorType(tensor).build();
  }

  private static TensorShapeProto encode(Shape shape) {
    var encoded = TensorShapeProto.newBuilder();
    shape.dims().forEach(dim -> encoded.addDim(encode(dim)));
    return encoded.build();
  }

  /** A size that cannot be told from the graph stays unset. */
  private static TensorShapeProto.Dimension encode(Dim dim) {
    var encoded = TensorShapeProto.Dimension.newBuilder();
    if (dim.isFixed()) {
      encoded.setDimValue(dim.size());
    } else if (!dim.isUnknown()) {
      encoded.setDimParam(dim.toString());
    }
    return encoded.build();
  }
}
