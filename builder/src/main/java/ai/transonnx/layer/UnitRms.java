package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * x-transformers' norms since 1.17 and 1.27: l2-normalized features times the square root of their
 * number, which have a root mean square of 1.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface UnitRms extends Norm {
  /** Multiplies the features by a learned factor each: {@code RMSNorm}. */
  record PerFeature(long dim, double offset) implements UnitRms {
    @Override
    public Value of(Scope scope, Value x) {
      return scaled(scope, x, scope.stored("g", dim).plus(offset).times(Math.sqrt((double) dim)));
    }
  }

  /** Has no weights: {@code SimpleRMSNorm}. */
  record Unscaled(long dim) implements UnitRms {
    @Override
    public Value of(Scope scope, Value x) {
      return scope.mul(new L2Norm(1).of(scope, x), scope.scalar(Math.sqrt((double) dim)));
    }
  }

  /** Multiplies all features by one learned factor: {@code ScaleNorm}. */
  record Single(long dim, double offset) implements UnitRms {
    @Override
    public Value of(Scope scope, Value x) {
      return scaled(scope, x, scope.stored("g", 1).plus(offset).times(Math.sqrt((double) dim)));
    }
  }

  private static Value scaled(Scope scope, Value x, WeightExpression factor) {
    return scope.mul(new L2Norm(1).of(scope, x), scope.parameter(factor));
  }
}
