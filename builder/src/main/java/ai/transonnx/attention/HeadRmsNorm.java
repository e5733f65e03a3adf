package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code MultiheadRMSNorm}: an RMSNorm of each head's features with factors of its
 * own, which are stored minus 1.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads number of heads
 * @param headDim number of features of a head
 */
public record HeadRmsNorm(int heads, long headDim) {
  /**
   * Normalizes the features.
   *
   * @param scope the norm's module
   * @param x {@code [b, h, n, d]}
   * @return {@code [b, h, n, d]}
   */
  public Value of(Scope scope, Value x) {
    var factors = scope.stored("gamma", heads, 1, headDim).plus(1).times(Math.sqrt(headDim));
    return scope.mul(new L2Norm(1).of(scope, x), scope.parameter(factors));
  }
}
