package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One application of an operator to values of the twin.
 *
 * @param node the operator with its attributes; its inputs are values of the twin
 * @param requested which outputs the caller uses
 * @param weights which inputs do not depend on the model's inputs
 * @param sizes the sizes of inputs that are initializers
 * @param types the types of inputs in the file
 */
record Call(
    NodeProto node,
    List<Boolean> requested,
    List<Boolean> weights,
    Map<Integer, List<Long>> sizes,
    Map<Integer, StaticType> types) {

  static Call of(String operator, List<String> inputs, List<AttributeProto> attributes) {
    int dot = operator.lastIndexOf('.');
    var node =
        NodeProto.newBuilder()
            .setOpType(operator.substring(dot + 1))
            .setDomain(operator.substring(0, Math.max(0, dot)))
            .addAllInput(inputs)
            .addAllAttribute(attributes)
            .build();
    return new Call(node, List.of(true), List.of(), Map.of(), Map.of());
  }

  String operator() {
    return OperatorTypes.key(node);
  }

  List<String> inputs() {
    return node.getInputList();
  }

  List<AttributeProto> attributes() {
    return node.getAttributeList();
  }

  /** An input that the operator needs. */
  String input(int index) {
    return optional(index)
        .orElseThrow(
            () -> new NoTwinException("operator %s has no input %s".formatted(operator(), index)));
  }

  Optional<String> optional(int index) {
    return index < node.getInputCount() && !node.getInput(index).isEmpty()
        ? Optional.of(node.getInput(index))
        : Optional.empty();
  }

  boolean isWeight(int index) {
    return index < weights.size() && weights.get(index);
  }

  boolean isRequested(int output) {
    return output < requested.size() && requested.get(output);
  }

  /** The sizes of an input that is an initializer. */
  Optional<List<Long>> sizes(int index) {
    return Optional.ofNullable(sizes.get(index));
  }

  /** Whether an input has this type in the file. */
  boolean isOf(int index, DataType elements) {
    var type = types.get(index);
    return type != null && type.elements() == elements.getNumber();
  }

  /** This call with another value as an input. */
  Call with(int index, String value) {
    return new Call(
        node.toBuilder().setInput(index, value).build(), requested, weights, sizes, types);
  }

  long integer(String attribute, long otherwise) {
    return Attributes.integer(node, attribute, otherwise);
  }

  double number(String attribute, double otherwise) {
    return Attributes.number(node, attribute, otherwise);
  }

  String text(String attribute, String otherwise) {
    return Attributes.text(node, attribute, otherwise);
  }

  List<Long> integers(String attribute) {
    return Attributes.integers(node, attribute);
  }

  /** The reason for which this use of the operator has no expansion. */
  NoTwinException unsupported(String reason) {
    return new NoTwinException("operator %s: %s".formatted(operator(), reason));
  }
}
