package ai.transonnx.graph;

import ai.transonnx.graph.QuantizedPart.Layout;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Writes the nodes that use quantized weights, and collects the parameters and constants that these
 * nodes need.
 */
abstract sealed class QuantizedNodes permits PortableQuantizedNodes, RuntimeQuantizedNodes {
  /** The integers and the scales of a weight, and its zero points if it has any. */
  record Parts(Parameter values, Parameter scales, Optional<Parameter> zeroPoints) {
    /** The integers of the weight. */
    QuantizedType type() {
      return ((QuantizedPart) values.source()).matrix().type();
    }
  }

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
   * @param type the integers of the weight
   * @param isInner whether the node is in a branch or in the body of a loop
   */
  final List<Node> of(
      Node node, Parameter weight, QuantizedType type, WeightUse use, boolean isInner) {
    var used =
        parts
            .computeIfAbsent(weight.name(), name -> new EnumMap<>(WeightUse.class))
            .computeIfAbsent(use, wanted -> newParts(weight, type, wanted));
    long width = use.rows(weight).shape().last().size();
    return use == WeightUse.TABLE ? table(node, used, width) : product(node, used, width, isInner);
  }

  /** The nodes at the start of the main graph that others need, of those written so far. */
  abstract List<Node> first();

  /** The layout of a weight's integers. */
  abstract Layout layout(WeightUse use, QuantizedType type);

  /** The layout of a weight's zero points. */
  abstract Layout zeroPointLayout(WeightUse use);

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
      pair.zeroPoints().ifPresent(all::add);
    }
    return all;
  }

  /** The parameters that replace each weight, one for each use, by the weight's name. */
  final Map<String, List<QuantizedParameter>> replaced() {
    var all = new HashMap<String, List<QuantizedParameter>>();
    parts.forEach(
        (weight, uses) ->
            all.put(
                weight,
                uses.entrySet().stream()
                    .map(
                        entry ->
                            new QuantizedParameter(
                                entry.getValue().values(),
                                entry.getValue().scales(),
                                entry.getValue().zeroPoints(),
                                entry.getKey() == WeightUse.COLUMNS_OF_PRODUCT))
                    .toList()));
    return all;
  }

  private Parts newParts(Parameter weight, QuantizedType type, WeightUse use) {
    var matrix =
        new QuantizedMatrix(
            use.rows(weight),
            type,
            quantization.block(),
            quantization.hasZeroPoints(),
            use == WeightUse.TABLE ? Optional.empty() : Optional.of(weight.name()));
    var layout = layout(use, type);
    String path = weight.name() + "/" + use.toString().toLowerCase(Locale.ROOT) + ".";
    return new Parts(
        parameter(path + type, new QuantizedValues(matrix, layout)),
        parameter(path + "scales", new BlockScales(matrix, layout)),
        quantization.hasZeroPoints()
            ? Optional.of(
                parameter(path + "zero_points", new BlockZeroPoints(matrix, zeroPointLayout(use))))
            : Optional.empty());
  }

  private static Parameter parameter(String name, QuantizedPart part) {
    return new Parameter(name, part.elements(), part);
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
