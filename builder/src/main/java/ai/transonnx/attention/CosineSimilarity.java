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
 * @param memoryGroups the same for learned memory keys
 * @param scale the factor of the cosine similarities
 * @param features whether features have learned factors, {@code qk_norm_dim_scale}
 * @see <a href="https://arxiv.org/abs/2010.04245">Query-Key Normalization</a>
 */
public record CosineSimilarity(
    int groups, int memoryGroups, SimilarityScale scale, FeatureScales features)
    implements QueryKeyTransform {
  /** Learned factors of normalized queries and keys. */
  public enum FeatureScales {
    NONE,
    /** A factor for each feature of a head, the same for all heads. */
    SHARED,
    /** A factor for each feature of each head. */
    PER_HEAD
  }

  @Override
  public Value queries(Scope scope, Value q) {
    var unit = scaled(scope, new L2Norm(groups).of(scope, q), "qk_norm_q_scale");
    return scope.mul(unit, scale.of(scope));
  }

  @Override
  public Value keys(Scope scope, Value k) {
    return scaled(scope, new L2Norm(groups).of(scope, k), "qk_norm_k_scale");
  }

  @Override
  public Value memory(Scope scope, WeightExpression k) {
    var unit =
        memoryGroups == 1
            ? scope.parameter(new WeightExpression.Normalized(k))
            : new L2Norm(memoryGroups).of(scope, scope.parameter(k));
    return scaled(scope, unit, "qk_norm_k_scale");
  }

  private Value scaled(Scope scope, Value x, String name) {
    long dim = x.dim(-1).size();
    return switch (features) {
      case NONE -> x;
      case SHARED -> scope.mul(x, scope.parameter(name, dim));
      case PER_HEAD -> scope.mul(x, scope.parameter(name, x.dim(x.rank() - 3).size(), 1, dim));
    };
  }
}
