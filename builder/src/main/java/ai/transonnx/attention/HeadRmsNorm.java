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
 * @param scale a factor of the output
 */
public record HeadRmsNorm(int heads, long headDim, double scale) {
  /** A norm whose output has no other factor. */
  public HeadRmsNorm(int heads, long headDim) {
    this(heads, headDim, 1);
  }

  /**
   * Normalizes the features.
   *
   * @param scope the norm's module
   * @param x {@code [b, h, n, d]}
   * @return {@code [b, h, n, d]}
   */
  public Value of(Scope scope, Value x) {
    var gamma = scope.stored("gamma", heads, 1, headDim).plus(1);
    var factors = scope.parameter(gamma.times(Math.sqrt((double) headDim) * scale));
    return scope.mul(new L2Norm(1).of(scope, x), factors);
  }
}
