package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The element types of operators' outputs, from the table {@code operator-types.txt}. A line has
 * the rule of each output, a colon, and the operators. A rule is the index of the input with the
 * same type, the name of a type, or {@code @attribute} with a type's number, each with alternatives
 * after a bar; {@code seq} before a rule makes it a sequence, and {@code elem} a tensor of the
 * sequence.
 */
final class OperatorTypes {
  private static final Map<String, List<String>> RULES = read();

  private OperatorTypes() {}

  private static Map<String, List<String>> read() {
    try (InputStream table = OperatorTypes.class.getResourceAsStream("operator-types.txt")) {
      var text =
          new String(Objects.requireNonNull(table).readAllBytes(), StandardCharsets.US_ASCII);
      var rules = new HashMap<String, List<String>>();
      for (var line : text.lines().filter(l -> !l.isBlank() && !l.startsWith("#")).toList()) {
        int colon = line.indexOf(": ");
        var rule = List.of(line.substring(0, colon).split(" ", -1));
        for (var operator : line.substring(colon + 2).split(" ", -1)) {
          rules.put(operator, rule);
        }
      }
      return rules;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The operator's name, after its domain if that is not ONNX's own. */
  static String key(NodeProto node) {
    return node.getDomain().isEmpty() || node.getDomain().equals("ai.onnx")
        ? node.getOpType()
        : node.getDomain() + "." + node.getOpType();
  }

  /** Whether the table has the operator. */
  static boolean isKnown(NodeProto node) {
    return RULES.containsKey(key(node));
  }

  /**
   * The type of an output; empty if the operator is not in the table, or the types of the inputs
   * that decide are unknown.
   */
  static Optional<StaticType> output(NodeProto node, int output, TypeScope scope) {
    var rules = RULES.get(key(node));
    if (rules == null) {
      return Optional.empty();
    }
    for (var rule : rules.get(Math.min(output, rules.size() - 1)).split("\\|", -1)) {
      var type = apply(rule, node, scope);
      if (type.isPresent()) {
        return type;
      }
    }
    return Optional.empty();
  }

  private static Optional<StaticType> apply(String rule, NodeProto node, TypeScope scope) {
    if (rule.startsWith("seq")) {
      return apply(rule.substring(3), node, scope).map(t -> StaticType.sequence(t.elements()));
    }
    if (rule.startsWith("elem")) {
      return apply(rule.substring(4), node, scope).map(t -> StaticType.tensor(t.elements()));
    }
    if (rule.startsWith("@")) {
      return Attributes.find(node, rule.substring(1)).flatMap(OperatorTypes::stated);
    }
    if (Character.isDigit(rule.charAt(0))) {
      int input = Integer.parseInt(rule);
      return input < node.getInputCount() ? scope.find(node.getInput(input)) : Optional.empty();
    }
    return Optional.of(StaticType.tensor(DataType.valueOf(rule)));
  }

  private static Optional<StaticType> stated(AttributeProto attribute) {
    return switch (attribute.getType()) {
      case TENSOR -> Optional.of(StaticType.tensor(attribute.getT().getDataType()));
      case FLOAT, FLOATS -> Optional.of(StaticType.tensor(DataType.FLOAT));
      case INTS -> Optional.of(StaticType.tensor(DataType.INT64));
      case STRING, STRINGS -> Optional.of(StaticType.tensor(DataType.STRING));
      case SPARSE_TENSOR ->
          Optional.of(StaticType.tensor(attribute.getSparseTensor().getValues().getDataType()));
      case INT ->
          // 0 is no type: attributes use it for "as the input".
          attribute.getI() == 0
              ? Optional.empty()
              : Optional.of(
                  StaticType.tensor(
                      attribute.getName().startsWith("value_") // Constant's value_int
                          ? DataType.INT64_VALUE
                          : (int) attribute.getI()));
      default -> Optional.empty();
    };
  }
}
