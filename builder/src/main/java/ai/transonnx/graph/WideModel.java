package ai.transonnx.graph;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateTensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Rewrites a model of any precision to compute in float64, with the constants and weights of that
 * precision: what the model computes if no result is rounded. Weights keep their types and are cast
 * to float64; inputs, outputs and state become float64. Names of values are unchanged.
 *
 * <p>The model must be built for {@link Target#FLOAT64_KERNELS}. A float64 model is returned with
 * equal content.
 *
 * <p>Its methods are thread-safe.
 */
public final class WideModel {
  private static final String WIDE = "/float64";

  /** New names of the weights, whose own names are those of their values before the cast. */
  private final Map<String, String> renamed = new HashMap<>();

  private WideModel() {}

  /** The rewritten model. */
  public static Model of(Model model) {
    var properties = new TreeMap<>(model.properties());
    properties.put(MetadataKey.DTYPE.key(), ElementType.FLOAT64.toString());
    return new Model(
        new WideModel().main(model.graph()),
        model.opset(),
        model.functions().stream().map(WideModel::function).toList(),
        model.state().stream().map(WideModel::state).toList(),
        properties);
  }

  private static StateTensor state(StateTensor pair) {
    return new StateTensor(
        pair.input(), pair.output(), wide(pair.type()), pair.shape(), pair.first(), pair.role());
  }

  private Graph main(Graph graph) {
    var nodes = new ArrayList<Node>();
    for (var parameter : graph.parameters()) {
      if (parameter.elements() != wide(parameter.elements())) {
        var type = new TensorType(ElementType.FLOAT64, parameter.shape());
        renamed.put(parameter.name(), parameter.name() + WIDE);
        nodes.add(Node.cast(parameter.name(), parameter.name() + WIDE, type));
      }
    }
    graph.nodes().forEach(node -> nodes.add(rewritten(node)));
    return rewritten(graph, nodes);
  }

  private Graph branch(Graph graph) {
    return rewritten(graph, graph.nodes().stream().map(this::rewritten).toList());
  }

  private Graph rewritten(Graph graph, List<Node> nodes) {
    return new Graph(
        graph.name(),
        graph.inputs().stream().map(WideModel::wide).toList(),
        graph.outputs().stream().map(WideModel::wide).toList(),
        nodes,
        graph.constants().stream()
            .map(constant -> new Constant(constant.name(), wide(constant.value())))
            .toList(),
        graph.parameters());
  }

  private Node rewritten(Node node) {
    var rewritten =
        new Node(
            node.name(),
            node.domain(),
            node.operator(),
            node.inputs().stream().map(name -> renamed.getOrDefault(name, name)).toList(),
            node.outputs(),
            node.types().stream().map(WideModel::wide).toList(),
            attributes(node));
    return rewritten.withBranches(this::branch);
  }

  private SortedMap<String, Attribute> attributes(Node node) {
    var attributes = new TreeMap<String, Attribute>();
    node.attributes().forEach((name, value) -> attributes.put(name, attribute(node, value)));
    if (attributes.remove("value_float") instanceof Attribute.Reference reference) {
      var number = new Attribute.Constant(Tensor.scalar(ElementType.FLOAT64, 0));
      attributes.put("value", new Attribute.Reference(reference.name(), number));
    }
    if (node.operator().equals("Cast")) {
      attributes.computeIfPresent("to", (name, to) -> castTarget((Attribute.Int) to));
    }
    return attributes;
  }

  private Attribute attribute(Node node, Attribute value) {
    if (value instanceof Attribute.Constant constant) {
      return new Attribute.Constant(wide(constant.value()));
    } else if (value instanceof Attribute.Real number && node.domain().equals(Model.DOMAIN)) {
      return new Attribute.Constant(Tensor.scalar(ElementType.FLOAT64, (float) number.value()));
    }
    return value;
  }

  private static Attribute castTarget(Attribute.Int to) {
    boolean isFloat =
        ElementType.ofOnnxNumber((int) to.value()).filter(ElementType::isFloatingPoint).isPresent();
    return isFloat ? new Attribute.Int(ElementType.FLOAT64.onnxNumber()) : to;
  }

  /** Functions of {@link Model#DOMAIN} have the parameters that {@link #attribute} passes. */
  private static Function function(Function function) {
    var body = new WideModel();
    return new Function(
        function.domain(),
        function.name(),
        function.documentation(),
        function.inputs(),
        function.outputs(),
        function.attributes(),
        function.nodes().stream().map(body::rewritten).toList());
  }

  private static Tensor wide(Tensor tensor) {
    var type = tensor.type();
    if (type.elements() == wide(type.elements())) {
      return tensor;
    }
    var bytes = tensor.bytes();
    var values = new double[bytes.remaining() / type.elements().bytes()];
    for (int i = 0; i < values.length; i++) {
      values[i] =
          type.elements() == ElementType.FLOAT32
              ? bytes.getFloat()
              : HalfFloat.widen(type.elements(), bytes.getShort());
    }
    return Tensor.of(ElementType.FLOAT64, type.shape(), values);
  }

  private static Value wide(Value value) {
    return value.rewritten(value.name(), wide(value.type()));
  }

  private static TensorType wide(TensorType type) {
    return new TensorType(wide(type.elements()), type.shape());
  }

  private static ElementType wide(ElementType type) {
    return type.isFloatingPoint() ? ElementType.FLOAT64 : type;
  }
}
