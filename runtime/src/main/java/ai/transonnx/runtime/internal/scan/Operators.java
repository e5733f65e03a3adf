package ai.transonnx.runtime.internal.scan;

import ai.transonnx.format.internal.Printable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/** The nodes of a graph or a function, with those of their subgraphs, summed by operator. */
final class Operators {
  /** The memory of a {@link Use}. */
  private static final long USE_BYTES = 64;

  private final Map<Name, Use> uses = new LinkedHashMap<>();
  private final Source source;
  private final Set<String> inputs;
  private long bytes;
  private int nesting;
  private int deepest;

  /**
   * Operators without nodes.
   *
   * @param inputs the names of a function's inputs, which come before its nodes
   */
  Operators(Source source, Set<String> inputs) {
    this.source = source;
    this.inputs = inputs;
  }

  /**
   * The name of an operator or function. Overloads of a function have the same name: each must be
   * safe, whichever ONNX Runtime selects.
   */
  record Name(String domain, String type) {
    private static final String STANDARD = "ai.onnx";

    Name {
      domain = domain.equals(STANDARD) ? "" : domain;
    }
  }

  /** The nodes of one operator. */
  static final class Use {
    private long nodes;
    private long texts;
    private long references;
    private long attributeBytes;
    private int mostInputs;
    private int mostOutputs;
    private int deepest;
    private boolean passesGraph;

    long nodes() {
      return nodes;
    }

    /** Names of values and nodes. */
    long texts() {
      return texts;
    }

    /** Attributes that refer to an attribute of the function that the nodes are in. */
    long references() {
      return references;
    }

    /** The sizes of the attributes of all nodes. */
    long attributeBytes() {
      return attributeBytes;
    }

    int mostInputs() {
      return mostInputs;
    }

    int mostOutputs() {
      return mostOutputs;
    }

    /** The number of subgraphs around the most deeply nested node. */
    int deepest() {
      return deepest;
    }

    /** Whether an attribute of a node is a graph. */
    boolean passesGraph() {
      return passesGraph;
    }
  }

  /** Adds a node. */
  void add(NodeScan node, int size) {
    var name = new Name(node.domain(), node.type());
    var use = uses.get(name);
    if (use == null) {
      source.in().keep(USE_BYTES + name.domain().length() + name.type().length());
      use = new Use();
      uses.put(name, use);
    }
    use.nodes++;
    use.texts += node.texts();
    use.references += node.references();
    use.attributeBytes += node.attributeBytes();
    use.mostInputs = Math.max(use.mostInputs, node.inputs());
    use.mostOutputs = Math.max(use.mostOutputs, node.outputs());
    use.deepest = Math.max(use.deepest, nesting);
    use.passesGraph |= node.hasGraph();
    bytes += size;
  }

  /** Checks the name of a node's output: ONNX Runtime renames it like an input of the function. */
  void checkOutput(String name) {
    if (inputs.contains(name)) {
      throw source.error(
          "a node of a function has the output %s, which is an input of the function"
              .formatted(Printable.quoted(name)));
    }
  }

  Map<Name, Use> uses() {
    return uses;
  }

  /** The size of all nodes; a subgraph counts again for each graph around it. */
  long bytes() {
    return bytes;
  }

  int deepest() {
    return deepest;
  }

  /** Nodes that are added from now on are in a subgraph. */
  void enterSubgraph() {
    nesting++;
    deepest = Math.max(deepest, nesting);
  }

  void leaveSubgraph() {
    nesting--;
  }
}
