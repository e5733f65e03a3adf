package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * Nodes that contain graphs: {@code If} and {@code Loop}.
 *
 * @param scope the scope that the node belongs to
 */
record ControlFlow(Scope scope) {
  List<Value> ifElse(
      Value condition,
      List<TensorType> results,
      Function<Scope, List<Value>> then,
      Function<Scope, List<Value>> otherwise) {
    var operation = scope.operation("If").input(condition);
    Checks.elements(operation, condition, ElementType.BOOL);
    return operation
        .attribute("then_branch", branch(operation, "then", results, then))
        .attribute("else_branch", branch(operation, "else", results, otherwise))
        .outputs(results);
  }

  private Attribute branch(
      NodeBuilder operation,
      String name,
      List<TensorType> results,
      Function<Scope, List<Value>> content) {
    var branch = scope.body().branch();
    var inner = scope.in(branch);
    var outputs = new ArrayList<>(content.apply(inner));
    boolean fits = outputs.size() == results.size();
    for (int i = 0; fits && i < outputs.size(); i++) {
      outputs.set(i, result(inner, outputs.get(i), results.get(i)));
      fits =
          outputs.get(i).elements() == results.get(i).elements()
              && outputs.get(i).rank() == results.get(i).shape().rank();
    }
    if (!fits) {
      throw operation.error(
          "branch '%s' returns %s; expected %s".formatted(name, outputs, results));
    }
    return new Attribute.Branch(branch.finish(name, outputs));
  }

  List<Value> loop(
      Value count,
      List<Value> first,
      List<TensorType> types,
      BiFunction<Scope, List<Value>, List<Value>> content) {
    var always = scope.cast(scope.scalar(1L), ElementType.BOOL); // []
    var operation = scope.operation("Loop").inputs(count, always);
    Checks.elements(operation, count, ElementType.INT64);
    checkCount(operation, first, types);
    for (int i = 0; i < first.size(); i++) {
      operation.input(typed(scope, first.get(i), types.get(i)));
    }
    var branch = scope.body().branch();
    branch.formal("step", new TensorType(ElementType.INT64, Shape.SCALAR));
    var going = branch.formal("going", new TensorType(ElementType.BOOL, Shape.SCALAR));
    var carried = types.stream().map(type -> branch.formal("carried", type)).toList();
    var inner = scope.in(branch);
    var made = content.apply(inner, carried);
    checkCount(operation, made, types);
    var outputs = new ArrayList<Value>();
    outputs.add(inner.copy(going));
    for (int i = 0; i < made.size(); i++) {
      outputs.add(result(inner, made.get(i), types.get(i)));
    }
    return operation
        .attribute("body", new Attribute.Branch(branch.finish("body", outputs)))
        .outputs(types);
  }

  private static void checkCount(
      NodeBuilder operation, List<Value> values, List<TensorType> types) {
    if (values.size() != types.size()) {
      throw operation.error(
          "a loop body takes and returns %s values, got %s".formatted(types.size(), values.size()));
    }
  }

  /**
   * A branch's result. ONNX requires that a node of the branch produces it, so other values are
   * copied.
   */
  private static Value result(Scope inner, Value value, TensorType type) {
    var result = typed(inner, value, type);
    return inner.body().makes(result) ? result : inner.copy(result);
  }

  private static Value typed(Scope scope, Value value, TensorType type) {
    boolean areFloats = value.elements().isFloatingPoint() && type.elements().isFloatingPoint();
    return areFloats ? scope.cast(value, type.elements()) : value;
  }
}
