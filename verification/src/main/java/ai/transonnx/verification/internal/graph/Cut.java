package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Cuts a part out of a model, as a model of its own. */
public final class Cut {
  private final ModelProto model;
  private final GraphIndex index;
  private final Map<String, ValueType> given;
  private final Set<Integer> nodes = new TreeSet<>();
  private final Set<String> reads = new HashSet<>();

  private Cut(ModelProto model, Map<String, ValueType> given) {
    this.model = model;
    this.index = GraphIndex.of(model.getGraph());
    this.given = given;
  }

  /**
   * The part of a model that computes some values from others. It has the initializers that it
   * needs, and no metadata. Its inputs are the given values that it reads and does not compute, and
   * the model's inputs that it needs as well.
   *
   * @param given the type of each given value
   * @param wanted results of nodes of the main graph, which become the outputs
   * @throws IllegalArgumentException if no node has such a result
   */
  public static ModelProto of(
      ModelProto model, Map<String, ValueType> given, Collection<String> wanted) {
    var cut = new Cut(model, given);
    cut.collect(wanted);
    return cut.model(wanted);
  }

  private void collect(Collection<String> wanted) {
    var open = new ArrayDeque<String>(wanted);
    for (var value : wanted) {
      if (index.producer(value).isEmpty()) {
        throw new IllegalArgumentException("no node has the result '" + value + "'");
      }
    }
    while (!open.isEmpty()) {
      var producer = index.producer(open.remove());
      if (producer.isEmpty() || !nodes.add(producer.get())) {
        continue;
      }
      for (var value : index.reads(producer.get())) {
        if (reads.add(value) && !given.containsKey(value)) {
          open.add(value);
        }
      }
    }
  }

  private ModelProto model(Collection<String> wanted) {
    var graph = GraphProto.newBuilder().setName(model.getGraph().getName());
    var computed = new HashSet<String>();
    for (int node : nodes) {
      graph.addNode(index.nodes().get(node));
      computed.addAll(index.nodes().get(node).getOutputList());
    }
    given.forEach(
        (name, type) -> {
          if (reads.contains(name) && !computed.contains(name)) {
            graph.addInput(type.port(name));
          }
        });
    for (var input : model.getGraph().getInputList()) {
      if (isNeeded(input.getName())) {
        graph.addInput(input);
      }
    }
    for (var tensor : model.getGraph().getInitializerList()) {
      if (isNeeded(tensor.getName())) {
        graph.addInitializer(tensor);
      }
    }
    for (var tensor : model.getGraph().getSparseInitializerList()) {
      if (isNeeded(tensor.getValues().getName())) {
        graph.addSparseInitializer(tensor);
      }
    }
    for (var value : new LinkedHashSet<>(wanted)) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(value));
    }
    return model.toBuilder().clearMetadataProps().clearTrainingInfo().setGraph(graph).build();
  }

  private boolean isNeeded(String value) {
    return reads.contains(value) && !given.containsKey(value);
  }
}
