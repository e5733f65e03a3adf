package ai.transonnx.graph;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Finds the weights of a model that can be quantized: those whose every use allows it. */
final class QuantizableWeights {
  private final Quantization quantization;
  private final Map<String, Parameter> parameters = new HashMap<>();
  private final InputDependence data;
  private final Set<String> used = new HashSet<>();
  private final Set<String> unfit = new HashSet<>();

  private QuantizableWeights(Model model, Quantization quantization) {
    this.quantization = quantization;
    this.data = InputDependence.of(model);
    model.graph().parameters().forEach(weight -> parameters.put(weight.name(), weight));
  }

  /** The names of the weights. */
  static Set<String> of(Model model, Quantization quantization) {
    var weights = new QuantizableWeights(model, quantization);
    weights.visit(model.graph());
    weights.used.removeAll(weights.unfit);
    return Set.copyOf(weights.used);
  }

  private void visit(Graph graph) {
    graph.outputs().forEach(output -> unfit.add(output.name()));
    for (var node : graph.nodes()) {
      for (int i = 0; i < node.inputs().size(); i++) {
        var weight = parameters.get(node.inputs().get(i));
        if (weight != null) {
          (allows(node, i, weight) ? used : unfit).add(weight.name());
        }
      }
      for (var attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Branch branch) {
          visit(branch.graph());
        }
      }
    }
  }

  private boolean allows(Node node, int input, Parameter weight) {
    return WeightUse.of(node, input)
        .filter(use -> data.contains(use.operand(node)) && use.fits(weight, quantization))
        .isPresent();
  }
}
