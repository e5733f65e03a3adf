package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.OperatorSetIdProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Replaces calls of a model's functions by the functions' nodes. The results of calls keep their
 * names; a value {@code v} of a function's body becomes {@code CALL/v}, where {@code CALL} is the
 * name of the calling node. For one thread.
 */
public final class FunctionInliner {
  /** More nodes than any model has; functions that call each other can multiply. */
  private static final int MAX_NODES = 1 << 20;

  private final Map<List<String>, FunctionProto> functions = new HashMap<>();
  private final Map<String, Long> versions = new HashMap<>();
  private final Set<List<String>> active = new LinkedHashSet<>();
  private final ValueNames names;
  private int nodes;

  private FunctionInliner(ModelProto model) {
    names = ValueNames.of(model);
    model.getOpsetImportList().forEach(set -> versions.put(domain(set), set.getVersion()));
    for (var function : model.getFunctionsList()) {
      functions.put(
          List.of(function.getDomain(), function.getName(), function.getOverload()), function);
    }
  }

  private static String domain(OperatorSetIdProto set) {
    return set.getDomain().equals("ai.onnx") ? "" : set.getDomain();
  }

  /**
   * The model without functions; the model itself if it has none.
   *
   * @throws NoTwinException if a function calls itself, uses other versions of operators than the
   *     model, or if there would be more than a million nodes
   */
  public static ModelProto inline(ModelProto model) {
    if (model.getFunctionsCount() == 0) {
      return model;
    }
    var inliner = new FunctionInliner(model);
    var graph = inliner.graph(model.getGraph(), new Renaming(Map.of(), Map.of()));
    var inlined = model.toBuilder().setGraph(graph).clearFunctions().clearOpsetImport();
    inliner.versions.forEach(
        (domain, version) -> inlined.addOpsetImportBuilder().setDomain(domain).setVersion(version));
    return inlined.build();
  }

  /**
   * How a body is changed where it is inlined.
   *
   * @param values new names of values
   * @param attributes the attributes of the call, and the function's defaults
   */
  private record Renaming(Map<String, String> values, Map<String, AttributeProto> attributes) {
    String of(String value) {
      return values.getOrDefault(value, value);
    }
  }

  private GraphProto graph(GraphProto graph, Renaming renaming) {
    var changed = graph.toBuilder().clearNode();
    graph.getNodeList().forEach(node -> add(node, renaming, changed));
    if (!renaming.values().isEmpty()) {
      changed.getInputBuilderList().forEach(port -> port.setName(renaming.of(port.getName())));
      changed.getOutputBuilderList().forEach(port -> port.setName(renaming.of(port.getName())));
      changed.getInitializerBuilderList().forEach(t -> t.setName(renaming.of(t.getName())));
      changed.clearValueInfo();
    }
    return changed.build();
  }

  private void add(NodeProto node, Renaming renaming, GraphProto.Builder target) {
    if (++nodes > MAX_NODES) {
      throw new NoTwinException(
          "with its functions expanded, the graph has more than %s nodes".formatted(MAX_NODES));
    }
    var changed = renamed(node, renaming);
    var key = List.of(node.getDomain(), node.getOpType(), node.getOverload());
    var function = functions.get(key);
    if (function == null) {
      target.addNode(changed);
      return;
    }
    if (!active.add(key)) {
      throw new NoTwinException("function '%s' calls itself".formatted(function.getName()));
    }
    checkVersions(function);
    call(changed, function, target);
    active.remove(key);
  }

  private void checkVersions(FunctionProto function) {
    for (var set : function.getOpsetImportList()) {
      var version = versions.putIfAbsent(domain(set), set.getVersion());
      if (version != null && version != set.getVersion()) {
        throw new NoTwinException(
            "function '%s' uses version %s of the operators of domain '%s', the model version %s"
                .formatted(function.getName(), set.getVersion(), domain(set), version));
      }
    }
  }

  private NodeProto renamed(NodeProto node, Renaming renaming) {
    var changed = node.toBuilder().clearInput().clearOutput().clearAttribute();
    node.getInputList().forEach(value -> changed.addInput(renaming.of(value)));
    node.getOutputList().forEach(value -> changed.addOutput(renaming.of(value)));
    for (var attribute : node.getAttributeList()) {
      if (!attribute.getRefAttrName().isEmpty()) {
        var given = renaming.attributes().get(attribute.getRefAttrName());
        if (given != null) {
          changed.addAttribute(given.toBuilder().setName(attribute.getName()));
        }
      } else if (attribute.hasG()) {
        changed.addAttribute(attribute.toBuilder().setG(graph(attribute.getG(), renaming)));
      } else if (attribute.getGraphsCount() > 0) {
        var graphs = attribute.toBuilder().clearGraphs();
        attribute.getGraphsList().forEach(g -> graphs.addGraphs(graph(g, renaming)));
        changed.addAttribute(graphs);
      } else {
        changed.addAttribute(attribute);
      }
    }
    return changed.build();
  }

  private void call(NodeProto call, FunctionProto function, GraphProto.Builder target) {
    var name = call.getName().isEmpty() ? call.getOutput(0) : call.getName();
    var attributes = new HashMap<String, AttributeProto>();
    function.getAttributeProtoList().forEach(a -> attributes.put(a.getName(), a));
    call.getAttributeList().forEach(a -> attributes.put(a.getName(), a));
    var values = new HashMap<String, String>();
    values.put("", "");
    for (int i = 0; i < function.getInputCount(); i++) {
      values.put(function.getInput(i), i < call.getInputCount() ? call.getInput(i) : "");
    }
    var passed = new ArrayList<NodeProto>();
    for (int i = 0; i < function.getOutputCount(); i++) {
      var output = i < call.getOutputCount() ? call.getOutput(i) : "";
      if (output.isEmpty()) {
        continue;
      }
      var earlier = values.putIfAbsent(function.getOutput(i), output);
      if (earlier != null) { // An input, or an output that is returned twice.
        passed.add(
            NodeProto.newBuilder()
                .setOpType("Identity")
                .addInput(earlier)
                .addOutput(output)
                .build());
      }
    }
    nameInner(function.getNodeList(), name, values);
    var renaming = new Renaming(values, attributes);
    for (var node : function.getNodeList()) {
      var inner = node.getName().isEmpty() ? "" : name + "/" + node.getName();
      add(node.toBuilder().setName(inner).build(), renaming, target);
    }
    target.addAllNode(passed);
  }

  private void nameInner(List<NodeProto> nodes, String call, Map<String, String> values) {
    for (var node : nodes) {
      node.getOutputList().forEach(value -> nameInner(value, call, values));
      for (var attribute : node.getAttributeList()) {
        if (attribute.hasG()) {
          nameInner(attribute.getG(), call, values);
        }
        attribute.getGraphsList().forEach(graph -> nameInner(graph, call, values));
      }
    }
  }

  private void nameInner(GraphProto graph, String call, Map<String, String> values) {
    graph.getInputList().forEach(port -> nameInner(port.getName(), call, values));
    graph.getInitializerList().forEach(tensor -> nameInner(tensor.getName(), call, values));
    nameInner(graph.getNodeList(), call, values);
  }

  private void nameInner(String value, String call, Map<String, String> values) {
    if (!values.containsKey(value)) {
      values.put(value, names.fresh(call + "/" + value));
    }
  }
}
