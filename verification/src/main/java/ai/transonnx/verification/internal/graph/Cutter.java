package ai.transonnx.verification.internal.graph;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** Cuts parts out of a model, each a model of its own. Immutable, so threads may share it. */
public final class Cutter {
  private final ModelProto model;
  private final GraphIndex index;
  private final StatedTypes types;

  /** Cuts parts out of {@code model}. */
  public Cutter(ModelProto model) {
    this.model = model;
    this.index = GraphIndex.of(model.getGraph());
    this.types = new StatedTypes(model.getGraph());
  }

  /** The nodes of a part, by their position in the index, and the values that they read. */
  private record Part(Set<Integer> nodes, Set<String> reads) {}

  /** The nodes of the model. */
  public GraphIndex index() {
    return index;
  }

  /**
   * The part of the model that computes some values from others. It has the initializers that it
   * needs, and no metadata. Its inputs are the given values that it reads and does not compute, and
   * the model's inputs that it needs as well. Outputs have the types that the model states.
   *
   * @param given the type of each given value
   * @param wanted results of nodes of the main graph, which become the outputs
   * @throws IllegalArgumentException if no node has such a result
   */
  public ModelProto cut(Map<String, ValueType> given, Collection<String> wanted) {
    var part = part(given.keySet(), wanted);
    var graph = GraphProto.newBuilder().setName(model.getGraph().getName());
    part.nodes().forEach(node -> graph.addNode(index.nodes().get(node)));
    var inputs = inputs(part, given.keySet());
    for (var name : inputs) {
      graph.addInput(Objects.requireNonNull(given.get(name)).port(name));
    }
    addStated(graph, part, given.keySet());
    for (var value : new LinkedHashSet<>(wanted)) {
      graph.addOutput(types.port(value));
    }
    return model.toBuilder().clearMetadataProps().clearTrainingInfo().setGraph(graph).build();
  }

  /** The given values that the part reads, which are its inputs. */
  public Set<String> inputs(Set<String> given, Collection<String> wanted) {
    return inputs(part(given, wanted), given);
  }

  private Set<String> inputs(Part part, Set<String> given) {
    var inputs = new TreeSet<>(part.reads());
    inputs.retainAll(given);
    part.nodes().forEach(node -> inputs.removeAll(index.nodes().get(node).getOutputList()));
    return inputs;
  }

  private Part part(Set<String> given, Collection<String> wanted) {
    for (var value : wanted) {
      if (index.producer(value).isEmpty()) {
        throw new IllegalArgumentException("no node has the result '" + value + "'");
      }
    }
    var part = new Part(new TreeSet<>(), new HashSet<>());
    var open = new ArrayDeque<String>(wanted);
    while (!open.isEmpty()) {
      var producer = index.producer(open.remove());
      if (producer.isEmpty() || !part.nodes().add(producer.get())) {
        continue;
      }
      for (var value : index.reads(producer.get())) {
        if (part.reads().add(value) && !given.contains(value)) {
          open.add(value);
        }
      }
    }
    return part;
  }

  /** Adds the inputs and initializers of the model that the part needs. */
  private void addStated(GraphProto.Builder graph, Part part, Set<String> given) {
    var needed = new HashSet<>(part.reads());
    needed.removeAll(given);
    var whole = model.getGraph();
    whole.getInputList().stream()
        .filter(input -> needed.contains(input.getName()))
        .forEach(graph::addInput);
    whole.getInitializerList().stream()
        .filter(tensor -> needed.contains(tensor.getName()))
        .forEach(graph::addInitializer);
    whole.getSparseInitializerList().stream()
        .filter(tensor -> needed.contains(tensor.getValues().getName()))
        .forEach(graph::addSparseInitializer);
  }
}
