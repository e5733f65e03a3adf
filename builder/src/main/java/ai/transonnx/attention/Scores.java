package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way from the products of queries and keys to attention weights. Immutable; threads may share
 * it.
 *
 * @param onScores transforms of the scores before the bias is added
 * @param onBiased transforms of the scores between bias and mask
 * @param onMasked transforms of the scores after bias and mask
 * @param normalization turns a query's scores into attention weights, usually a softmax
 * @param onWeights transforms of the attention weights
 */
public record Scores(
    List<ScoreTransform> onScores,
    List<ScoreTransform> onBiased,
    List<ScoreTransform> onMasked,
    ScoreTransform normalization,
    List<ScoreTransform> onWeights) {
  public Scores {
    onScores = List.copyOf(onScores);
    onBiased = List.copyOf(onBiased);
    onMasked = List.copyOf(onMasked);
    onWeights = List.copyOf(onWeights);
  }

  /**
   * Whether the mask must be kept apart from the bias, since scores are transformed between the
   * two.
   */
  public boolean separatesMask() {
    return !onBiased.isEmpty();
  }

  boolean isPlain() {
    return onScores.isEmpty()
        && onBiased.isEmpty()
        && onMasked.isEmpty()
        && onWeights.isEmpty()
        && normalization instanceof Softmax;
  }

  /**
   * The result of the normalization.
   *
   * @param scores {@code [b, h, i, j]}
   * @return {@code [b, h, i, j]}
   */
  Value normalized(Scope scope, Value scores, @Nullable ScoreBias bias, ScoreContext context) {
    var transformed = all(scope, scores, onScores, context);
    var masked =
        bias instanceof ScoreBias.Separate separate
            ? masked(scope, transformed, separate, context)
            : biased(scope, transformed, (ScoreBias.Whole) bias);
    var last = scope.widen(all(scope, masked, onMasked, context)); // [b, h, i, j]
    return normalization.of(scope, last, context);
  }

  private static Value biased(Scope scope, Value scores, ScoreBias.@Nullable Whole bias) {
    return bias == null ? scores : scope.add(scores, bias.value());
  }

  private Value masked(
      Scope scope, Value scores, ScoreBias.Separate separate, ScoreContext context) {
    var bias = separate.bias();
    var biased = all(scope, bias == null ? scores : scope.add(scores, bias), onBiased, context);
    var allowed = separate.allowed();
    return allowed == null
        ? biased
        : scope.where(allowed, scope.widen(biased), scope.scalar(Masking.LOWEST));
  }

  /** The attention weights after their transforms. */
  Value weights(Scope scope, Value normalized, ScoreContext context) {
    return all(scope, normalized, onWeights, context);
  }

  private static Value all(
      Scope scope, Value scores, List<ScoreTransform> transforms, ScoreContext context) {
    var transformed = scores;
    for (var transform : transforms) {
      transformed = transform.of(scope, transformed, context);
    }
    return transformed;
  }
}
