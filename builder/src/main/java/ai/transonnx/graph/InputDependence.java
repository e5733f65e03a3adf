package ai.transonnx.graph;

import ai.transonnx.format.MetadataKey;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The values of a model that depend on the tokens, vectors or states of a call, rather than on its
 * sizes, masks and positions alone.
 */
final class InputDependence {
  /** Operators whose results depend on sizes and comparisons, not on the values themselves. */
  private static final Set<String> NEUTRAL =
      Set.of(
          "Shape",
          "Size",
          "Equal",
          "Less",
          "LessOrEqual",
          "Greater",
          "GreaterOrEqual",
          "Not",
          "And",
          "Or",
          "Xor",
          "IsNaN",
          "IsInf",
          "NonZero",
          "EyeLike");

  /** The first inputs of a loop's body: the number of the iteration, and the condition. */
  private static final int LOOP_CONTROL = 2;

  private final Set<String> dependent = new HashSet<>();

  static InputDependence of(Model model) {
    var found = new InputDependence();
    for (var input : model.graph().inputs()) {
      boolean isTokens = model.properties().containsKey(MetadataKey.NUM_TOKENS.key(input.name()));
      if (isTokens || input.elements().isFloatingPoint()) {
        found.dependent.add(input.name());
      }
    }
    found.visit(model.graph());
    return found;
  }

  /** Whether the value of this name depends on data. */
  boolean contains(String value) {
    return dependent.contains(value);
  }

  private void visit(Graph graph) {
    graph.nodes().forEach(this::visit);
  }

  private void visit(Node node) {
    boolean isDependent = node.inputs().stream().anyMatch(dependent::contains);
    for (var branch : node.branches()) {
      isDependent |= visitBody(branch, isDependent);
    }
    if (isDependent && !NEUTRAL.contains(node.operator())) {
      dependent.addAll(node.outputs());
    }
  }

  /** Visits a branch or the body of a loop, whose outputs are the inputs of the next iteration. */
  private boolean visitBody(Graph body, boolean isGiven) {
    if (isGiven) {
      addCarried(body.inputs());
    }
    visit(body);
    boolean isComputed = body.outputs().stream().anyMatch(v -> dependent.contains(v.name()));
    if (isComputed && !isGiven) {
      addCarried(body.inputs());
      visit(body);
    }
    return isComputed;
  }

  private void addCarried(List<Value> inputs) {
    inputs.stream().skip(LOOP_CONTROL).map(Value::name).forEach(dependent::add);
  }
}
