package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Limits scores smoothly to the range from {@code -limit} to {@code limit}, by a hyperbolic
 * tangent.
 *
 * <p>Immutable; threads may share it.
 */
public record SoftClamp(double limit) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return of(scope, scores);
  }

  /** Limits values of any shape. */
  Value of(Scope scope, Value x) {
    var factor = scope.scalar((float) limit);
    return scope.mul(scope.tanh(scope.div(x, factor)), factor);
  }
}
