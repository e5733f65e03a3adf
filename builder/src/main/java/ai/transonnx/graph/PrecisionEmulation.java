package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rewrites a float16 or bfloat16 model to compute in float32: operators that compute in 16 bits
 * compute in float32 instead, and two casts round their results to the 16-bit type. The types of
 * weights and of recurrent state are unchanged.
 *
 * <p>It shows the effect of rounding on a runtime that has no operators for the type: on the CPU,
 * ONNX Runtime has none for bfloat16.
 *
 * <p>Its methods are thread-safe.
 */
public final class PrecisionEmulation {
  private static final String WIDE = "/float32";
  private static final String EXACT = "/exact";
  private static final String ROUNDED = "/rounded";

  /**
   * New names of the values that replace the model's inputs, outputs and weights, whose own names
   * are fixed.
   */
  private final Map<String, String> renamed = new HashMap<>();

  private PrecisionEmulation() {}

  /** The rewritten model. A model that has no 16-bit values is returned with equal content. */
  public static Model of(Model model) {
    return model.withGraph(new PrecisionEmulation().main(model.graph()));
  }

  private Graph main(Graph graph) {
    var nodes = new ArrayList<Node>();
    for (var input : graph.inputs()) {
      widen(input.name(), input.type(), nodes);
    }
    for (var parameter : graph.parameters()) {
      var type = new TensorType(parameter.elements(), parameter.shape());
      widen(parameter.name(), type, nodes);
    }
    var narrowed = new ArrayList<Node>();
    for (var output : graph.outputs()) {
      if (output.elements().isHalf()) {
        renamed.put(output.name(), output.name() + WIDE);
        narrowed.add(Node.cast(output.name() + WIDE, output.name(), output.type()));
      }
    }
    graph.nodes().forEach(node -> rewrite(node, nodes));
    nodes.addAll(narrowed);
    return new Graph(
        graph.name(),
        graph.inputs(),
        graph.outputs(),
        nodes,
        graph.constants().stream().map(PrecisionEmulation::wide).toList(),
        graph.parameters());
  }

  private void widen(String name, TensorType type, List<Node> nodes) {
    if (type.elements().isHalf()) {
      renamed.put(name, name + WIDE);
      nodes.add(Node.cast(name, name + WIDE, wide(type)));
    }
  }

  private static Constant wide(Constant constant) {
    var type = constant.value().type();
    if (!type.elements().isHalf()) {
      return constant;
    }
    short bits = constant.value().bytes().getShort();
    return new Constant(constant.name(), Tensor.scalar(HalfFloat.widen(type.elements(), bits)));
  }

  private void rewrite(Node node, List<Node> nodes) {
    var outputs = new ArrayList<String>();
    var types = new ArrayList<TensorType>();
    var rounding = new ArrayList<Node>();
    for (int i = 0; i < node.outputs().size(); i++) {
      String name = name(node.outputs().get(i));
      var type = node.types().get(i);
      boolean isHalf = type.elements().isHalf();
      outputs.add(isHalf ? name + EXACT : name);
      types.add(wide(type));
      if (isHalf) {
        rounding.add(Node.cast(name + EXACT, name + ROUNDED, type));
        rounding.add(Node.cast(name + ROUNDED, name, wide(type)));
      }
    }
    var rewritten =
        new Node(
            node.name(),
            node.domain(),
            node.operator(),
            node.inputs().stream().map(this::name).toList(),
            outputs,
            types,
            attributes(node, !rounding.isEmpty()));
    nodes.add(rewritten.withBranches(this::branch));
    nodes.addAll(rounding);
  }

  private static SortedMap<String, Attribute> attributes(Node node, boolean isRounded) {
    if (!node.operator().equals("Cast") || !isRounded) {
      return node.attributes();
    }
    var attributes = new TreeMap<>(node.attributes());
    attributes.put("to", new Attribute.Int(ElementType.FLOAT32.onnxNumber()));
    return attributes;
  }

  private Graph branch(Graph graph) {
    var nodes = new ArrayList<Node>();
    graph.nodes().forEach(node -> rewrite(node, nodes));
    return new Graph(
        graph.name(),
        graph.inputs().stream().map(this::wide).toList(),
        graph.outputs().stream().map(this::wide).toList(),
        nodes,
        graph.constants(),
        graph.parameters());
  }

  private Value wide(Value value) {
    return value.rewritten(name(value.name()), wide(value.type()));
  }

  private static TensorType wide(TensorType type) {
    return type.elements().isHalf() ? new TensorType(ElementType.FLOAT32, type.shape()) : type;
  }

  private String name(String name) {
    return renamed.getOrDefault(name, name);
  }
}
