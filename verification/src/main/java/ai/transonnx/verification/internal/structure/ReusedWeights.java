package ai.transonnx.verification.internal.structure;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.WeightExpression;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The parameters of a model as expressions of the weights of a file. A weight that the file has
 * under the same name is taken as it is. Others are taken apart: a model for another target may
 * concatenate weights that this one has apart, or the other way round.
 */
final class ReusedWeights {
  /** Expressions of checkpoint tensors, as text, and their sources in the file. */
  private final Map<String, WeightExpression> known = new HashMap<>();

  private ReusedWeights(List<Parameter> parameters, Map<String, WeightExpression> sources) {
    for (var parameter : parameters) {
      var source = sources.get(parameter.name());
      if (source != null) {
        add(parameter.source(), source);
      }
    }
  }

  /**
   * A model whose parameters are computed from the weights of a file. Those that the file has
   * quantized are float64.
   *
   * @param model the model
   * @param original the model that the file has
   * @param weights the file's weights
   * @throws NoTwinException if the file does not have a weight in any form
   */
  static Model of(Model model, Model original, FileWeights weights) {
    var reused = new ReusedWeights(original.graph().parameters(), weights.sources());
    var graph = model.graph();
    var parameters =
        graph.parameters().stream().map(parameter -> reused.parameter(parameter, weights)).toList();
    return model.withGraph(
        new Graph(
            graph.name(),
            graph.inputs(),
            graph.outputs(),
            graph.nodes(),
            graph.constants(),
            parameters));
  }

  private Parameter parameter(Parameter wanted, FileWeights weights) {
    var source = found(wanted.source(), wanted.name());
    var elements = weights.isDequantized(source) ? ElementType.FLOAT64 : wanted.elements();
    return new Parameter(wanted.name(), elements, source);
  }

  private void add(WeightExpression source, WeightExpression inFile) {
    known.putIfAbsent(source.describe(), inFile);
    if (source instanceof WeightExpression.Stacked stacked) {
      long start = 0;
      for (var part : stacked.parts()) {
        long end = start + part.shape().dim(0).size();
        add(part, new WeightExpression.Rows(inFile, start, end));
        start = end;
      }
    } else if (source instanceof WeightExpression.Transposed transposed) {
      add(transposed.of(), inFile.transposed());
    }
  }

  private WeightExpression found(WeightExpression wanted, String name) {
    var same = known.get(wanted.describe());
    if (same != null) {
      return same;
    } else if (wanted instanceof WeightExpression.Stacked stacked) {
      return new WeightExpression.Stacked(
          stacked.parts().stream().map(part -> found(part, name)).toList());
    } else if (wanted instanceof WeightExpression.Transposed transposed) {
      return found(transposed.of(), name).transposed();
    }
    throw new NoTwinException(
        "its initializers do not have the weight '%s' in any form".formatted(name));
  }
}
