package ai.transonnx.verification.internal.graph;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.SparseTensorProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * The nodes of a main graph in an order in which each follows the nodes whose results it reads. A
 * node with graphs, such as a loop, counts as one, and reads what these graphs read. Immutable, so
 * threads may share it.
 */
public final class GraphIndex {
  private final List<NodeProto> nodes;
  private final List<List<String>> reads;
  private final Map<String, Integer> producers;
  private final Map<String, Integer> lastReads;

  private GraphIndex(List<NodeProto> nodes, List<List<String>> reads) {
    this.nodes = List.copyOf(nodes);
    this.reads = List.copyOf(reads);
    this.producers = new HashMap<>();
    this.lastReads = new HashMap<>();
    for (int i = 0; i < nodes.size(); i++) {
      for (var value : results(nodes.get(i))) {
        producers.put(value, i);
      }
      for (var value : reads.get(i)) {
        lastReads.put(value, i);
      }
    }
  }

  /**
   * The index of a graph.
   *
   * @throws InputException if nodes depend on each other in a circle, or two have the same result
   */
  public static GraphIndex of(GraphProto graph) {
    var reads = graph.getNodeList().stream().map(GraphIndex::readsOf).toList();
    var order = order(graph, reads);
    return new GraphIndex(
        order.stream().map(graph::getNode).toList(), order.stream().map(reads::get).toList());
  }

  /** The nodes in order. */
  public List<NodeProto> nodes() {
    return nodes;
  }

  /** The values that node {@code index} reads, each once: results, inputs and initializers. */
  public List<String> reads(int index) {
    return reads.get(index);
  }

  /** The position in {@link #nodes} of the node with this result; empty if it is of no node. */
  public Optional<Integer> producer(String value) {
    return Optional.ofNullable(producers.get(value));
  }

  /** The position in {@link #nodes} of the last node that reads a value; empty if none does. */
  public Optional<Integer> lastRead(String value) {
    return Optional.ofNullable(lastReads.get(value));
  }

  /** The names of a node's results, without omitted ones. */
  public static List<String> results(NodeProto node) {
    return node.getOutputList().stream().filter(value -> !value.isEmpty()).toList();
  }

  /** The values that a node reads, with those of the graph around it that its graphs read. */
  private static List<String> readsOf(NodeProto node) {
    var reads = new ArrayList<String>(node.getInputList());
    for (var graph : Initializers.graphs(node)) {
      reads.addAll(free(graph));
    }
    return reads.stream().filter(value -> !value.isEmpty()).distinct().toList();
  }

  /** The values that a graph reads and does not define. */
  private static Set<String> free(GraphProto graph) {
    var defined = new HashSet<String>();
    graph.getInputList().stream().map(ValueInfoProto::getName).forEach(defined::add);
    graph.getInitializerList().stream().map(TensorProto::getName).forEach(defined::add);
    graph.getSparseInitializerList().stream()
        .map(SparseTensorProto::getValues)
        .map(TensorProto::getName)
        .forEach(defined::add);
    graph.getNodeList().forEach(node -> defined.addAll(node.getOutputList()));
    var free = new LinkedHashSet<String>();
    graph.getNodeList().forEach(node -> free.addAll(readsOf(node)));
    graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(free::add);
    free.removeAll(defined);
    return free;
  }

  /** The order of the file, except for nodes that would come before one they depend on. */
  private static List<Integer> order(GraphProto graph, List<List<String>> reads) {
    var producers = new HashMap<String, Integer>();
    for (int i = 0; i < reads.size(); i++) {
      for (var value : results(graph.getNode(i))) {
        if (producers.put(value, i) != null) {
          throw new InputException("two nodes of the model have the result '" + value + "'");
        }
      }
    }
    var waiting = new int[reads.size()];
    var readers = new ArrayList<List<Integer>>();
    reads.forEach(node -> readers.add(new ArrayList<>()));
    var ready = new PriorityQueue<Integer>();
    for (int i = 0; i < reads.size(); i++) {
      for (var value : reads.get(i)) {
        var producer = producers.get(value);
        if (producer != null) {
          readers.get(producer).add(i);
          waiting[i]++;
        }
      }
      if (waiting[i] == 0) {
        ready.add(i);
      }
    }
    var order = new ArrayList<Integer>();
    while (!ready.isEmpty()) {
      int node = ready.remove();
      order.add(node);
      for (int reader : readers.get(node)) {
        if (--waiting[reader] == 0) {
          ready.add(reader);
        }
      }
    }
    if (order.size() < reads.size()) {
      throw new InputException("nodes of the model depend on each other in a circle");
    }
    return order;
  }
}
