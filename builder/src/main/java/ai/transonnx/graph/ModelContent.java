package ai.transonnx.graph;

import ai.transonnx.format.StateTensor;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The content of a model as a value: models that were built apart have equal contents if their
 * files would be equal, given the same weights.
 *
 * <p>Immutable; threads may share it.
 */
public record ModelContent(
    GraphContent graph,
    int opset,
    List<FunctionContent> functions,
    List<StateTensor> state,
    SortedMap<String, String> properties) {
  /** The content of a graph, with the types of values as texts. */
  public record GraphContent(
      List<String> inputs,
      List<String> outputs,
      List<NodeContent> nodes,
      List<Constant> constants,
      List<Parameter> parameters) {
    static GraphContent of(Graph graph) {
      return new GraphContent(
          graph.inputs().stream().map(Value::toString).toList(),
          graph.outputs().stream().map(Value::toString).toList(),
          graph.nodes().stream().map(NodeContent::of).toList(),
          graph.constants(),
          graph.parameters());
    }
  }

  /** The content of a node. */
  public record NodeContent(
      String name,
      String domain,
      String operator,
      List<String> inputs,
      List<String> outputs,
      SortedMap<String, Object> attributes) {
    static NodeContent of(Node node) {
      var attributes = new TreeMap<String, Object>();
      node.attributes()
          .forEach(
              (name, value) ->
                  attributes.put(
                      name,
                      value instanceof Attribute.Branch branch
                          ? GraphContent.of(branch.graph())
                          : value));
      return new NodeContent(
          node.name(), node.domain(), node.operator(), node.inputs(), node.outputs(), attributes);
    }
  }

  /** The content of a function. */
  public record FunctionContent(
      String domain,
      String name,
      String documentation,
      List<String> inputs,
      List<String> outputs,
      List<String> attributes,
      List<NodeContent> nodes) {
    static FunctionContent of(Function function) {
      return new FunctionContent(
          function.domain(),
          function.name(),
          function.documentation(),
          function.inputs(),
          function.outputs(),
          function.attributes(),
          function.nodes().stream().map(NodeContent::of).toList());
    }
  }

  /** The content of a model. */
  public static ModelContent of(Model model) {
    return new ModelContent(
        GraphContent.of(model.graph()),
        model.opset(),
        model.functions().stream().map(FunctionContent::of).toList(),
        model.state(),
        model.properties());
  }
}
