package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.op.Scope;

/**
 * L2-normalized queries and keys, {@code qk_norm}: scores are cosine similarities times a factor.
 *
 * <p>Immutable; threads may share it.
 *
 * @param groups number of groups of features; each is normalized separately
 * @param scale the factor of the cosine similarities
 * @param scaledFeatures whether each feature has a learned factor, {@code qk_norm_dim_scale}
 * @see <a href="https://arxiv.org/abs/2010.04245">Query-Key Normalization</a>
 */
public record CosineSimilarity(int groups, SimilarityScale scale, boolean scaledFeatures) {
  /** Normalizes queries {@code [b, h, i, d]} and applies the factor. */
  public Value queries(Scope scope, Value q) {
    var unit = scaled(scope, new L2Norm(groups).of(scope, q), "qk_norm_q_scale");
    return scope.mul(unit, scale.of(scope));
  }

  /** Normalizes keys {@code [b, h, j, d]}. */
  public Value keys(Scope scope, Value k) {
    return scaled(scope, new L2Norm(groups).of(scope, k), "qk_norm_k_scale");
  }

  /**
   * Normalizes learned memory keys {@code [h, m, d]}, always over all features rather than by
   * group.
   */
  public Value memory(Scope scope, WeightExpression k) {
    return scaled(scope, scope.parameter(new WeightExpression.Normalized(k)), "qk_norm_k_scale");
  }

  private Value scaled(Scope scope, Value x, String name) {
    return scaledFeatures ? scope.mul(x, scope.parameter(name, x.dim(-1).size())) : x;
  }
}
