package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorShapeProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.TensorSpec;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The inputs and outputs of a graph. */
final class Ports {
  private Ports() {}

  /** The inputs without those that an initializer gives a value. */
  static List<ValueInfoProto> inputs(GraphProto graph) {
    var initialized =
        graph.getInitializerList().stream().map(TensorProto::getName).collect(Collectors.toSet());
    return graph.getInputList().stream()
        .filter(input -> !initialized.contains(input.getName()))
        .toList();
  }

  /** The name, type and shape; empty if it is no tensor of numbers. */
  static Optional<TensorSpec> spec(ValueInfoProto port) {
    var type = port.getType().getTensorType();
    return ElementType.ofOnnxNumber(type.getElemType())
        .filter(elements -> !elements.isPacked())
        .map(
            elements ->
                new TensorSpec(
                    port.getName(),
                    elements,
                    type.getShape().getDimList().stream().map(Ports::dim).toList()));
  }

  private static Dim dim(TensorShapeProto.Dimension dimension) {
    return switch (dimension.getValueCase()) {
      case DIM_VALUE ->
          dimension.getDimValue() >= 0 ? Dim.of(dimension.getDimValue()) : Dim.unknown();
      case DIM_PARAM ->
          dimension.getDimParam().isEmpty() ? Dim.unknown() : Dim.parse(dimension.getDimParam());
      case VALUE_NOT_SET -> Dim.unknown();
    };
  }
}
