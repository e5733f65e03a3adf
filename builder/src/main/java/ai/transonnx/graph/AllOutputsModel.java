package ai.transonnx.graph;

import java.util.ArrayList;
import java.util.HashSet;

/**
 * Rewrites a model to output every value of its main graph, after its own outputs, so that the
 * first value that differs from an expected one can be found.
 *
 * <p>Its methods are thread-safe.
 */
public final class AllOutputsModel {
  private AllOutputsModel() {}

  /** The rewritten model. Each added output has the value's name in the graph. */
  public static Model of(Model model) {
    var graph = model.graph();
    var outputs = new ArrayList<>(graph.outputs());
    var names = new HashSet<String>();
    outputs.forEach(output -> names.add(output.name()));
    var any = outputs.get(0);
    for (var node : graph.nodes()) {
      for (int i = 0; i < node.outputs().size(); i++) {
        String name = node.outputs().get(i);
        if (!name.isEmpty() && names.add(name)) {
          outputs.add(any.rewritten(name, node.types().get(i)));
        }
      }
    }
    var exposed =
        new Graph(
            graph.name(),
            graph.inputs(),
            outputs,
            graph.nodes(),
            graph.constants(),
            graph.parameters());
    return model.withGraph(exposed);
  }
}
