package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.SoftClamp;
import ai.transonnx.op.Scope;

/**
 * Attention to the exponentials of values, whose logarithm is the output of a head: LASER.
 *
 * <p>Immutable; threads may share it.
 *
 * @param limit the soft limit of values
 * @see <a href="https://arxiv.org/abs/2411.03493">LASER: Attention with Exponential
 *     Transformation</a>
 */
public record ExponentialValues(double limit) {
  private static final double LEAST = 1e-20;

  /** The exponentials of values {@code [b, h, j, d]}. */
  Value exponentials(Scope scope, Value values) {
    return scope.exp(new SoftClamp(limit).of(scope, scope.widen(values)));
  }

  /** The logarithms of sums of exponentials {@code [b, h, i, d]}. */
  Value logarithms(Scope scope, Value out) {
    return scope.log(scope.max(scope.widen(out), scope.scalar(LEAST)));
  }
}
