package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.Dim;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * An input with one vector for each sequence, {@code [b, features]}, or for each position, {@code
 * [b, n, features]}.
 *
 * <p>With state, the first call is given the vectors of sequences, and later calls keep them: they
 * are given {@code [b, 0]}.
 *
 * @param name the input's name
 */
record ConditionVectors(String name, long features) {
  /** The forms of the input: for each sequence, which is the default, or for each position. */
  static final List<String> FORMS = List.of("", ":2d", ":bd", ":3d", ":bnd");

  /** The names of the input with its forms. */
  List<String> names() {
    return GraphInputs.forms(name, FORMS);
  }

  /** Whether each position has a vector. */
  boolean isPerPosition(BuildContext context) {
    var form = context.form(name).orElse("");
    return form.equals("3d") || form.equals("bnd");
  }

  /**
   * The input.
   *
   * @param length the number of positions
   */
  Value declare(GraphInputs inputs, Dim length) {
    var context = inputs.context();
    var width = Dim.of(features);
    if (isPerPosition(context)) {
      return inputs.required(name, context.wideType(), context.batch(), length, width);
    }
    return inputs.required(
        name,
        context.wideType(),
        context.batch(),
        context.incremental() ? Dim.of(name + "_features") : width);
  }

  /**
   * The vectors of a call of a graph with state.
   *
   * @param given {@code [b, n, features]} or, from an earlier call if empty, {@code [b, features]}
   */
  Value kept(Scope scope, StepContext step, Value given) {
    if (given.rank() > 2) {
      return given;
    }
    var state = "kept_" + name;
    var past =
        step.pastState().past(state, StateRole.CONTEXT, scope.wideType(), Shape.of(features));
    var type = new TensorType(scope.wideType(), past.shape());
    var isGiven = scope.greaterOrEqual(scope.size(given, 1), scope.vector(1));
    var chosen =
        scope.ifElse(
            isGiven,
            List.of(type),
            inner -> {
              var sizes = inner.concat(0, inner.size(given, 0), inner.vector(features));
              return List.of(inner.reshape(given, sizes, type.shape()));
            },
            inner -> List.of(inner.copy(past)));
    return step.pastState().present(state, chosen.get(0));
  }
}
