package ai.transonnx.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the weights of a model that can be quantized: those whose every use allows it. In a model
 * of int4, a table of which rows are selected by positions alone, not by the data of a call, has
 * int8: it is added to what every layer computes.
 */
final class QuantizableWeights {
  private final Quantization quantization;
  private final Map<String, Parameter> parameters = new HashMap<>();
  private final InputDependence data;
  private final Map<String, QuantizedType> used = new LinkedHashMap<>();
  private final Set<String> unfit = new HashSet<>();

  private QuantizableWeights(Model model, Quantization quantization) {
    this.quantization = quantization;
    this.data = InputDependence.of(model);
    model.graph().parameters().forEach(weight -> parameters.put(weight.name(), weight));
  }

  /** The names of the weights, with their types. */
  static Map<String, QuantizedType> of(Model model, Quantization quantization) {
    var weights = new QuantizableWeights(model, quantization);
    weights.visit(model.graph());
    weights.used.keySet().removeAll(weights.unfit);
    return weights.used;
  }

  private void visit(Graph graph) {
    graph.outputs().forEach(output -> unfit.add(output.name()));
    for (var node : graph.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        var weight = parameters.get(node.inputs().get(i));
        if (weight != null) {
          add(weight.name(), type(node, i, weight));
        }
      }
      node.branches().forEach(this::visit);
    }
  }

  private void add(String weight, Optional<QuantizedType> type) {
    if (type.isEmpty()) {
      unfit.add(weight);
    } else {
      var known = used.putIfAbsent(weight, type.get());
      if (known != null && known != type.get()) {
        unfit.add(weight);
      }
    }
  }

  /** The type that a use allows. */
  private Optional<QuantizedType> type(Node node, int input, Parameter weight) {
    return WeightUse.of(node, input)
        .flatMap(
            use ->
                type(use, data.contains(use.operand(node)))
                    .filter(t -> use.fits(weight, quantization)));
  }

  private Optional<QuantizedType> type(WeightUse use, boolean dependsOnData) {
    if (dependsOnData) {
      return Optional.of(quantization.type());
    }
    return use == WeightUse.TABLE && quantization.type() == QuantizedType.INT4
        ? Optional.of(QuantizedType.INT8)
        : Optional.empty();
  }
}
