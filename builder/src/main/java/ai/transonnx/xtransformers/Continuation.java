package ai.transonnx.xtransformers;

import ai.transonnx.architecture.History;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A call that goes on where the one before ended.
 *
 * @param history where layers find what they kept, and leave what they keep
 * @param position how many positions came before: int64 {@code [b]}
 */
record Continuation(History history, Value position) {
  private static final String POSITION = "position";

  static Continuation of(ModelBuilder model, ai.transonnx.graph.Dim batch) {
    var history = new History.Carried(model, batch);
    return new Continuation(history, history.past(POSITION, ElementType.INT64, Shape.SCALAR));
  }

  /** The call's positions {@code [b, n, ...]} have been seen. */
  void advance(Scope scope, Value x) {
    history.present(POSITION, scope.add(position, scope.size(x, 1)));
  }

  /**
   * The numbers of the call's positions.
   *
   * @param x {@code [b, n, ...]}
   * @return int64 {@code [b, n]}
   */
  Value positions(Scope scope, Value x) {
    return scope.add(scope.unsqueeze(position, 1), scope.range(scope.size(x, 1), x.dim(1)));
  }
}
