package ai.transonnx.verification;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Counts the parameters of a graph: the elements of its floating-point initializers, and of the
 * weights that quantized ones stand for. Scales and zero points are no parameters, and a weight
 * that an export has quantized for several uses counts once.
 */
final class ParameterCount {
  /** The names that exports give to the parts of a quantized weight. */
  private static final Pattern PART =
      Pattern.compile(
          "(.+)/(?:rows_of_product|columns_of_product|table)\\.(int4|int8|scales|zero_points)");

  private static final int PAIR = 2;

  private final Map<String, Long> counts = new HashMap<>();

  /** Initializers that are scales or zero points. */
  private final Set<String> details = new HashSet<>();

  /** Initializers that are integers of weights, and how many an element of a byte has. */
  private final Map<String, Integer> integers = new HashMap<>();

  private ParameterCount() {}

  static long of(GraphProto graph) {
    var count = new ParameterCount();
    count.addNodes(graph);
    graph.getInitializerList().forEach(count::add);
    return count.counts.values().stream().mapToLong(Long::longValue).sum();
  }

  private void addNodes(GraphProto graph) {
    for (var node : graph.getNodeList()) {
      switch (node.getOpType()) {
        case "MatMulNBits" -> {
          counts.put(weight(input(node, 1)), number(node, "K") * number(node, "N"));
          addDetails(node, 2, 3);
        }
        case "GatherBlockQuantized" -> {
          integers.put(input(node, 0), number(node, "bits") == 8 ? 1 : PAIR);
          addDetails(node, 2, 3);
        }
        case "DequantizeLinear" -> {
          integers.put(input(node, 0), 1);
          addDetails(node, 1, 2);
        }
        default -> {}
      }
      node.getAttributeList().stream()
          .filter(AttributeProto::hasG)
          .forEach(attribute -> addNodes(attribute.getG()));
    }
  }

  private void addDetails(NodeProto node, int... inputs) {
    for (int index : inputs) {
      details.add(input(node, index));
    }
  }

  private void add(TensorProto tensor) {
    var name = tensor.getName();
    var part = PART.matcher(name);
    boolean isPart = part.matches();
    boolean isInteger = isPart ? part.group(2).startsWith("int") : integers.containsKey(name);
    boolean isDetail = details.contains(name) || (isPart && !isInteger);
    if (isDetail || (!isInteger && !isFloat(tensor))) {
      return;
    }
    int inByte = isPart ? part.group(2).equals("int4") ? PAIR : 1 : integers.getOrDefault(name, 1);
    long elements = tensor.getDimsList().stream().reduce(1L, (a, b) -> a * b);
    boolean isInBytes = tensor.getDataType() == DataType.UINT8_VALUE;
    counts.putIfAbsent(weight(name), isInBytes ? inByte * elements : elements);
  }

  /** The name of the weight that an initializer belongs to. */
  private static String weight(String initializer) {
    var part = PART.matcher(initializer);
    return part.matches() ? part.group(1) : initializer;
  }

  private static boolean isFloat(TensorProto tensor) {
    return switch (tensor.getDataType()) {
      case DataType.FLOAT_VALUE,
          DataType.FLOAT16_VALUE,
          DataType.BFLOAT16_VALUE,
          DataType.DOUBLE_VALUE ->
          true;
      default -> false;
    };
  }

  private static String input(NodeProto node, int index) {
    return index < node.getInputCount() ? node.getInput(index) : "";
  }

  private static long number(NodeProto node, String attribute) {
    return node.getAttributeList().stream()
        .filter(one -> one.getName().equals(attribute))
        .mapToLong(AttributeProto::getI)
        .findFirst()
        .orElse(0);
  }
}
