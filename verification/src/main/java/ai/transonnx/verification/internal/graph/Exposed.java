package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.Collection;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
    var stated =
        graph.getValueInfoList().stream()
            .collect(Collectors.toMap(ValueInfoProto::getName, Function.identity(), (a, b) -> a));
    var exposed = model.toBuilder();
    for (var value : values) {
      if (index.producer(value).isEmpty()) {
        throw new IllegalArgumentException("no node has the result '" + value + "'");
      }
      if (outputs.add(value)) {
        exposed.getGraphBuilder().addOutput(port(value, stated.get(value)));
      }
    }
    return exposed.build();
  }

  private static ValueInfoProto port(String value, @Nullable ValueInfoProto stated) {
    var port = ValueInfoProto.newBuilder().setName(value);
    if (stated != null && stated.getType().hasTensorType()) {
      port.getTypeBuilder()
          .getTensorTypeBuilder()
          .setElemType(stated.getType().getTensorType().getElemType());
    }
    return port.build();
  }
}
