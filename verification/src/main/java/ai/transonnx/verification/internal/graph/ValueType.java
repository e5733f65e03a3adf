package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.Tensor;

/** The type of a value without its sizes. Immutable, so threads may share it. */
public record ValueType(ElementType elements, int rank) {
  /** The type of a tensor. */
  public static ValueType of(Tensor tensor) {
    return new ValueType(tensor.type(), tensor.shape().length);
  }

  /** An input or output of this type whose sizes are left open. */
  ValueInfoProto port(String name) {
    var port = ValueInfoProto.newBuilder().setName(name);
    var type = port.getTypeBuilder().getTensorTypeBuilder().setElemType(elements.onnxNumber());
    for (int axis = 0; axis < rank; axis++) {
      type.getShapeBuilder().addDim(TensorShapeProto.Dimension.getDefaultInstance());
    }
    type.getShapeBuilder(); // A scalar has a shape without dimensions.
    return port.build();
  }
}
