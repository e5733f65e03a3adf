package ai.transonnx.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.MetadataKey;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Rewrites a finished float32 model to have quantized weights. Nodes that use them are replaced,
 * also in branches and the bodies of loops; all other values and their names are unchanged.
 *
 * <p>Its methods are thread-safe.
 */
public final class QuantizedModel {
  private static final int LISTED = 5;

  private final Map<String, QuantizedType> quantized;
  private final Map<String, Parameter> parameters = new LinkedHashMap<>();
  private final QuantizedNodes form;

  private QuantizedModel(Graph graph, Map<String, QuantizedType> quantized, QuantizedNodes form) {
    this.quantized = quantized;
    this.form = form;
    graph.parameters().forEach(weight -> parameters.put(weight.name(), weight));
  }

  /**
   * The rewritten model.
   *
   * @throws InputException if there is nothing to quantize, or a pattern of weights to keep matches
   *     none that would be quantized
   */
  public static Model of(Model model, Quantization quantization, Target target) {
    var weights = selected(model, quantization);
    var form = form(quantization, target);
    var properties = new TreeMap<>(model.properties());
    properties.put(MetadataKey.QUANTIZATION.key(), quantization.toString());
    return new Model(
        new QuantizedModel(model.graph(), weights, form).main(model.graph()),
        model.opset(),
        model.functions(),
        model.state(),
        properties);
  }

  private static QuantizedNodes form(Quantization quantization, Target target) {
    return target == Target.ONNXRUNTIME
        ? new RuntimeQuantizedNodes(quantization)
        : new PortableQuantizedNodes(quantization);
  }

  /**
   * The parameters that replace the weights of a model when it is quantized, one for each use, by
   * the name of the weight.
   *
   * @throws InputException as {@link #of}
   */
  public static Map<String, List<QuantizedParameter>> parameters(
      Model model, Quantization quantization, Target target) {
    var form = form(quantization, target);
    new QuantizedModel(model.graph(), selected(model, quantization), form).main(model.graph());
    return form.replaced();
  }

  private static Map<String, QuantizedType> selected(Model model, Quantization quantization) {
    var all = QuantizableWeights.of(model, quantization);
    if (all.isEmpty()) {
      throw new InputException(
          "no matrix can be quantized: none has %s inputs or more, the size of a block"
              .formatted(quantization.block()));
    }
    var weights =
        model.graph().parameters().stream().filter(w -> all.containsKey(w.name())).toList();
    var selected = new LinkedHashMap<>(all);
    for (var pattern : quantization.keep()) {
      var glob = NameGlob.of(pattern);
      var kept = weights.stream().filter(weight -> matches(glob, weight)).toList();
      if (kept.isEmpty()) {
        throw new InputException(
            "'%s' matches none of the %s weights to quantize, such as %s"
                .formatted(
                    pattern,
                    weights.size(),
                    weights.stream()
                        .flatMap(weight -> weight.source().stored().stream())
                        .map(WeightExpression.Stored::name)
                        .distinct()
                        .limit(LISTED)
                        .collect(Collectors.joining(", "))));
      }
      kept.forEach(weight -> selected.remove(weight.name()));
    }
    if (selected.isEmpty()) {
      throw new InputException("all weights are kept as they are, so nothing is quantized");
    }
    return selected;
  }

  /** By its own name, or that of a tensor that it is computed from. */
  private static boolean matches(NameGlob glob, Parameter weight) {
    return Stream.concat(
            Stream.of(weight.name()),
            weight.source().stored().stream().map(WeightExpression.Stored::name))
        .anyMatch(glob::matchesPath);
  }

  private Graph main(Graph graph) {
    var rewritten = rewritten(graph.nodes(), false);
    var nodes = new ArrayList<>(form.first());
    nodes.addAll(rewritten);
    var weights = new ArrayList<Parameter>();
    for (var weight : graph.parameters()) {
      if (quantized.containsKey(weight.name())) {
        weights.addAll(form.parameters(weight.name()));
      } else {
        weights.add(weight);
      }
    }
    var constants = new ArrayList<>(graph.constants());
    constants.addAll(form.constants());
    return new Graph(graph.name(), graph.inputs(), graph.outputs(), nodes, constants, weights);
  }

  private List<Node> rewritten(List<Node> nodes, boolean isInner) {
    var all = new ArrayList<Node>();
    for (var node : nodes) {
      var others = replacement(node, isInner);
      if (others.isEmpty()) {
        all.add(node.withBranches(this::branch));
      } else {
        all.addAll(others.get());
      }
    }
    return all;
  }

  /** The nodes that replace one with a quantized weight. */
  private Optional<List<Node>> replacement(Node node, boolean isInner) {
    for (int i = 0; i < node.inputs().size(); i++) {
      var name = node.inputs().get(i);
      var type = quantized.get(name);
      var use = type == null ? Optional.<WeightUse>empty() : WeightUse.of(node, i);
      if (type != null && use.isPresent()) {
        var weight = Objects.requireNonNull(parameters.get(name));
        return Optional.of(form.of(node, weight, type, use.get(), isInner));
      }
    }
    return Optional.empty();
  }

  private Graph branch(Graph graph) {
    return graph.withNodes(rewritten(graph.nodes(), true));
  }
}
