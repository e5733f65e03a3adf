package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.Collection;
import java.util.stream.Collectors;

/** Makes intermediate values of a model outputs, so that any runtime returns them. */
public final class Exposed {
  private Exposed() {}

  /**
   * The model with further outputs, after its own. An output has the type that the model states for
   * the value, without a shape; runtimes infer a type that is not stated.
   *
   * @param values results of nodes of the main graph; those that are outputs already stay
   * @throws IllegalArgumentException if no node has such a result
   */
  public static ModelProto of(ModelProto model, Collection<String> values) {
    var graph = model.getGraph();
    var index = GraphIndex.of(graph);
    var outputs =
        graph.getOutputList().stream().map(ValueInfoProto::getName).collect(Collectors.toSet());
    var stated = new StatedTypes(graph);
    var exposed = model.toBuilder();
    for (var value : values) {
      if (index.producer(value).isEmpty()) {
        throw new IllegalArgumentException("no node has the result '" + value + "'");
      }
      if (outputs.add(value)) {
        exposed.getGraphBuilder().addOutput(stated.port(value));
      }
    }
    return exposed.build();
  }
}
