package ai.transonnx.verification.internal.divergence;

import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.verification.internal.graph.GraphIndex;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The nodes before a value in a graph, up to some depth. Nodes that depend on initializers alone
 * belong to the nodes that read them. Immutable, so threads may share it.
 *
 * @param nodes the positions of the nodes in the index
 * @param given the values that the nodes read from outside: results of other nodes, and inputs
 * @param isWhole whether all of the given values are inputs of the model
 */
record Neighbourhood(Set<Integer> nodes, Set<String> given, boolean isWhole) {
  /** Finds the nodes before values. Immutable, so threads may share it. */
  static final class Finder {
    private final GraphIndex index;
    private final Set<String> constants;

    Finder(ModelProto model, GraphIndex index) {
      this.index = index;
      this.constants = constants(model.getGraph(), index);
    }

    private static Set<String> constants(GraphProto graph, GraphIndex index) {
      var constants = new HashSet<String>();
      graph.getInitializerList().stream().map(TensorProto::getName).forEach(constants::add);
      graph.getSparseInitializerList().stream()
          .map(tensor -> tensor.getValues().getName())
          .forEach(constants::add);
      for (int i = 0; i < index.nodes().size(); i++) {
        var node = index.nodes().get(i);
        if (constants.containsAll(index.reads(i)) && !node.getOpType().startsWith("Random")) {
          constants.addAll(node.getOutputList());
        }
      }
      return constants;
    }

    /** The nodes of a value: at depth 1 its own, at depth 2 also those of its inputs. */
    Neighbourhood of(String value, int depth) {
      var nodes = new TreeSet<Integer>();
      var level = Set.of(index.producer(value).orElseThrow());
      for (int i = 0; i < depth && nodes.addAll(level); i++) {
        var before = new HashSet<Integer>();
        level.forEach(node -> before.addAll(producers(node).toList()));
        level = before;
      }
      var given = new LinkedHashSet<String>();
      for (int node : nodes) {
        for (var read : index.reads(node)) {
          var producer = index.producer(read);
          if (!constants.contains(read)
              && (producer.isEmpty() || !nodes.contains(producer.get()))) {
            given.add(read);
          }
        }
      }
      boolean isWhole = given.stream().noneMatch(read -> index.producer(read).isPresent());
      return new Neighbourhood(nodes, given, isWhole);
    }

    private Stream<Integer> producers(int node) {
      return index.reads(node).stream()
          .filter(read -> !constants.contains(read))
          .flatMap(read -> index.producer(read).stream());
    }

    /** The results of the nodes, in order. */
    List<String> results(Neighbourhood neighbourhood) {
      return neighbourhood.nodes().stream()
          .flatMap(node -> GraphIndex.results(index.nodes().get(node)).stream())
          .toList();
    }
  }
}
