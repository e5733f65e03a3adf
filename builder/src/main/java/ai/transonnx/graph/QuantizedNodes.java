package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.QuantizedValues.Layout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes the nodes that use quantized weights, and collects the parameters and constants that these
 * nodes need.
 */
abstract sealed class QuantizedNodes permits PortableQuantizedNodes, RuntimeQuantizedNodes {
  /** The integers and the scales of a weight. */
  record Parts(Parameter values, Parameter scales) {}

  private final Quantization quantization;
  private final Map<String, Map<WeightUse, Parts>> parts = new HashMap<>();

  QuantizedNodes(Quantization quantization) {
    this.quantization = quantization;
  }

  final Quantization quantization() {
    return quantization;
  }

  /**
   * The nodes that replace one; the last has its output.
   *
   * @param isInner whether the node is in a branch or in the body of a loop
   */
  final List<Node> of(Node node, Parameter weight, WeightUse use, boolean isInner) {
    var used =
        parts
            .computeIfAbsent(weight.name(), name -> new EnumMap<>(WeightUse.class))
            .computeIfAbsent(use, wanted -> newParts(weight, wanted));
    long width = use.rows(weight).shape().last().size();
    return use == WeightUse.TABLE ? table(node, used, width) : product(node, used, width, isInner);
  }

  /** The nodes at the start of the main graph that others need, of those written so far. */
  abstract List<Node> first();

  /** The layout of a weight's integers. */
  abstract Layout layout(WeightUse use);

  /**
   * A product of rows and a matrix, and the sum with a bias if the node has one.
   *
   * @param width the number of inputs of the matrix
   * @param isInner whether the node is in a branch or in the body of a loop
   */
  abstract List<Node> product(Node node, Parts weight, long width, boolean isInner);

  /**
   * Rows of a table.
   *
   * @param width the number of elements of a row
   */
  abstract List<Node> table(Node node, Parts table, long width);

  /** The constants of the nodes written so far. */
  abstract List<Constant> constants();

  /** The parameters that replace a weight. */
  final List<Parameter> parameters(String weight) {
    var all = new ArrayList<Parameter>();
    for (var pair : parts.getOrDefault(weight, Map.of()).values()) {
      all.add(pair.values());
      all.add(pair.scales());
    }
    return all;
  }

  private Parts newParts(Parameter weight, WeightUse use) {
    var rows = use.rows(weight);
    var layout = layout(use);
    var values = new QuantizedValues(rows, quantization.type(), quantization.block(), layout);
    WeightExpression scales = new BlockScales(rows, quantization.type(), quantization.block());
    String path = weight.name() + "/" + use.toString().toLowerCase(Locale.ROOT) + ".";
    return new Parts(
        new Parameter(path + quantization.type(), values.elements(), values),
        new Parameter(
            path + "scales",
            ElementType.FLOAT32,
            layout == Layout.COLUMNS ? scales.transposed() : scales));
  }

  /** A node with one output, of the same name. */
  static Node node(
      String operator,
      List<String> inputs,
      String output,
      TensorType type,
      Map<String, Long> attributes) {
    var numbers = new TreeMap<String, Attribute>();
    attributes.forEach((name, number) -> numbers.put(name, new Attribute.Int(number)));
    return new Node(output, "", operator, inputs, List.of(output), List.of(type), numbers);
  }

  /** A node that replaces another. */
  static Node last(
      Node replaced,
      String domain,
      String operator,
      List<String> inputs,
      Map<String, Long> attributes) {
    var numbers = new TreeMap<String, Attribute>();
    attributes.forEach((name, number) -> numbers.put(name, new Attribute.Int(number)));
    return new Node(
        replaced.name(), domain, operator, inputs, replaced.outputs(), replaced.types(), numbers);
  }
}
