package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Writes the twins of a graph's nodes. */
final class NodeTwin {
  private static final Set<String> RANDOM =
      Set.of(
          "RandomNormal",
          "RandomNormalLike",
          "RandomUniform",
          "RandomUniformLike",
          "Bernoulli",
          "Multinomial");

  /** Operators that make values without floating-point operands. */
  private static final Set<String> SOURCES = Set.of("Constant", "ConstantOfShape");

  private static final Set<String> TYPE_ATTRIBUTES =
      Set.of("to", "dtype", "output_dtype", "output_datatype");

  private final GraphTwin graph;
  private final TwinContext context;
  private final TypeInference inference;

  NodeTwin(GraphTwin graph, TwinContext context, TypeInference inference) {
    this.graph = graph;
    this.context = context;
    this.inference = inference;
  }

  /** Adds the twin of a node, whose operands are written, to the graph's nodes. */
  void write(NodeProto node) {
    try {
      writeKnown(node);
    } catch (NoTwinException e) {
      throw node.getName().isEmpty() || String.valueOf(e.getMessage()).startsWith("node '")
          ? e
          : new NoTwinException("node '%s': %s".formatted(node.getName(), e.getMessage()));
    }
    addConstants(node);
  }

  private void writeKnown(NodeProto node) {
    var key = OperatorTypes.key(node);
    switch (key) {
      case "If", "Loop", "Scan" -> addControlFlow(node);
      default -> {
        if (!OperatorTypes.isKnown(node)) {
          throw new NoTwinException("operator %s is unknown".formatted(key));
        }
        if (RANDOM.contains(key)) {
          throw new NoTwinException("operator %s makes random numbers".formatted(key));
        }
        addOperator(node, key);
      }
    }
  }

  /** Remembers results that do not depend on the model's inputs. */
  private void addConstants(NodeProto node) {
    boolean isConstant =
        node.getAttributeList().stream().noneMatch(AttributeProto::hasG)
            && node.getInputList().stream()
                .allMatch(value -> value.isEmpty() || graph.stored().isConstant(value));
    for (var output : node.getOutputList()) {
      if (isConstant) {
        graph.stored().addConstant(output);
      } else {
        graph.stored().addInput(output);
      }
    }
    if (isConstant) {
      StaticSizes.add(node, graph.stored());
    }
  }

  private void addControlFlow(NodeProto node) {
    var twin = node.toBuilder().clearInput().clearAttribute();
    node.getInputList().forEach(value -> twin.addInput(graph.stored().use(value)));
    List<@Nullable StaticType> inputs =
        node.getOpType().equals("If") ? List.of() : inference.bodyInputs(node);
    node.getAttributeList().forEach(a -> twin.addAttribute(graph.inner(a, inputs)));
    graph.nodes().add(twin);
  }

  private void addOperator(NodeProto node, String key) {
    var operands = graph.typesOf(node.getInputList());
    var results = results(node);
    boolean hasFloats =
        operands.stream().anyMatch(StaticType::isFloat)
            || results.stream().anyMatch(StaticType::isFloat);
    var storedTable = key.equals("Gather") ? graph.stored().storedFloat(node.getInput(0)) : null;
    int from = graph.nodes().size();
    if (!hasFloats) {
      graph.nodes().add(node.toBuilder());
    } else if (SOURCES.contains(key)) {
      addConverted(node.getInputList(), node, from);
    } else if (storedTable != null && storedTable.isPresent()) {
      addConverted(List.of(storedTable.get(), node.getInput(1)), node, from);
    } else {
      addComputed(node, results, from);
    }
  }

  private List<StaticType> results(NodeProto node) {
    var types = new ArrayList<StaticType>();
    for (int i = 0; i < node.getOutputCount(); i++) {
      OperatorTypes.output(node, i, graph.types()).ifPresent(types::add);
    }
    return types;
  }

  /** An operator in the file's type, and its result converted. */
  private void addConverted(List<String> inputs, NodeProto node, int from) {
    var value = graph.nodes().add(OperatorTypes.key(node), inputs, node.getAttributeList());
    var to = List.of(Attributes.integer("to", DataType.DOUBLE_VALUE));
    graph.nodes().name(graph.nodes().add("Cast", List.of(value), to), node.getOutput(0), from);
  }

  private void addComputed(NodeProto node, List<StaticType> types, int from) {
    var call = call(node);
    var composite = Expansions.ofComposite(call.operator());
    var results = new ArrayList<String>();
    if (composite.isPresent()) {
      boolean isExact = types.stream().noneMatch(NodeTwin::isRounded);
      results.addAll(composite.get().write(call, computation(isExact ? null : DataType.FLOAT)));
      roundTo16Bits(results, types);
    } else {
      results.addAll(
          computation(types.isEmpty() || !isRounded(types.get(0)) ? null : dataType(types.get(0)))
              .apply(call, node.getOutputCount()));
    }
    for (int i = 0; i < node.getOutputCount(); i++) {
      var name = node.getOutput(i);
      if (i < results.size() && !results.get(i).isEmpty()) {
        if (!name.isEmpty() || composite.isEmpty()) {
          graph.nodes().name(results.get(i), name, from);
        }
      } else if (!name.isEmpty()) {
        throw call.unsupported("its output %s is not supported".formatted(i));
      }
    }
  }

  /** Composite operators compute in float32, and round their results. */
  private void roundTo16Bits(List<String> results, List<StaticType> types) {
    for (int i = 0; context.isRounded() && i < results.size() && i < types.size(); i++) {
      var type = dataType(types.get(i));
      if ((type == DataType.FLOAT16 || type == DataType.BFLOAT16) && !results.get(i).isEmpty()) {
        var rounding = new Rounding(type, context.random());
        results.set(i, rounding.nearest(results.get(i), computation(null)));
      }
    }
  }

  private static DataType dataType(StaticType type) {
    return Objects.requireNonNull(DataType.forNumber(type.elements()));
  }

  private static boolean isRounded(StaticType type) {
    return type.isFloat() && type.elements() != DataType.DOUBLE_VALUE && !type.isSequence();
  }

  private Computation computation(@Nullable DataType rounded) {
    var rounding =
        rounded == null || !context.isRounded() ? null : new Rounding(rounded, context.random());
    return new Computation(graph.nodes(), context.constants(), context.opset(), rounding);
  }

  private Call call(NodeProto node) {
    var twin = node.toBuilder().clearInput().clearAttribute();
    node.getInputList().forEach(value -> twin.addInput(graph.stored().use(value)));
    node.getAttributeList().forEach(attribute -> twin.addAttribute(typed(attribute)));
    var requested = node.getOutputList().stream().map(name -> !name.isEmpty()).toList();
    var weights = node.getInputList().stream().map(graph.stored()::isConstant).toList();
    Map<Integer, List<Long>> sizes = new HashMap<>();
    Map<Integer, StaticType> types = new HashMap<>();
    for (int i = 0; i < node.getInputCount(); i++) {
      int index = i;
      graph.types().find(node.getInput(i)).ifPresent(type -> types.put(index, type));
      graph.stored().sizes(node.getInput(i)).ifPresent(dims -> sizes.put(index, dims));
    }
    return new Call(withTarget(node, twin).build(), requested, weights, sizes, types);
  }

  private static AttributeProto typed(AttributeProto attribute) {
    return TYPE_ATTRIBUTES.contains(attribute.getName())
            && StaticType.isFloat((int) attribute.getI())
        ? attribute.toBuilder().setI(DataType.DOUBLE_VALUE).build()
        : attribute;
  }

  /** A cast to another value's type as one to the type. */
  private NodeProto.Builder withTarget(NodeProto node, NodeProto.Builder twin) {
    if (!node.getOpType().equals("CastLike")) {
      return twin;
    }
    var target = graph.typesOf(List.of(node.getInput(1))).get(0).exact();
    return NodeProto.newBuilder()
        .setOpType("Cast")
        .addInput(twin.getInput(0))
        .addAllOutput(node.getOutputList())
        .addAttribute(Attributes.integer("to", target.elements()));
  }
}
