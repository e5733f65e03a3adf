package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code Residual}: the sum of a branch's output and its input.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 * @param scaled whether the residual is multiplied by a learned per-feature factor, {@code
 *     scale_residual}
 * @param constant a constant factor of the residual, {@code scale_residual_constant}
 */
public record SummedResidual(long dim, boolean scaled, double constant) implements Residual {
  @Override
  public Value of(Scope scope, Value branch, Value residual) {
    return scope.add(branch, weighted(scope, residual));
  }

  private Value weighted(Scope scope, Value residual) {
    if (!scaled) {
      return constant == 1 ? residual : scope.mul(residual, scope.scalar(constant));
    }
    var factor = scope.stored("residual_scale", dim);
    return scope.mul(residual, scope.parameter(factor.times(constant)));
  }
}
