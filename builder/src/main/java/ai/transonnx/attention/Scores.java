package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The way from the products of queries and keys to attention weights. Immutable; threads may share
 * it.
 *
 * @param distance computes scores from distances of queries and keys; null for their products
 * @param onScores transforms of the scores before the bias is added
 * @param onBiased transforms of the scores between bias and mask
 * @param onMasked transforms of the scores after bias and mask
 * @param carried the scores that the next layer adds to its own, or null
 * @param normalization turns a query's scores into attention weights, usually a softmax
 * @param onWeights transforms of the attention weights
 */
public record Scores(
    @Nullable SquaredDistance distance,
    List<ScoreTransform> onScores,
    List<ScoreTransform> onBiased,
    List<ScoreTransform> onMasked,
    @Nullable CarriedScores carried,
    Normalization normalization,
    List<ScoreTransform> onWeights) {
  /**
   * The result of the normalization.
   *
   * @param carried the scores for the next layer: {@code [b, h, i, j]}
   * @param weights {@code [b, h, i, j]}
   */
  record Normalized(Value carried, Value weights) {}

  public Scores {
    onScores = List.copyOf(onScores);
    onBiased = List.copyOf(onBiased);
    onMasked = List.copyOf(onMasked);
    onWeights = List.copyOf(onWeights);
  }

  /**
   * Whether the mask must be kept apart from the bias, since something happens between the two, or
   * masked scores of another layer are added, which must not overflow.
   */
  public boolean separatesMask() {
    return !onBiased.isEmpty()
        || normalization.signed()
        || isInverted()
        || carried == CarriedScores.BIASED
        || carried == CarriedScores.MASKED;
  }

  /** Whether a call must have as many queries as keys of its sequence. */
  public boolean areSquare() {
    return transforms().anyMatch(ScoreTransform::isSquare);
  }

  /** Whether the order of keys matters, so that a cache must not reuse their slots. */
  public boolean needKeysInOrder() {
    return transforms().anyMatch(ScoreTransform::needsKeysInOrder);
  }

  /** Whether scores depend on the distances of queries and keys. */
  public boolean dependOnDistances() {
    return transforms().anyMatch(DistanceCurves.class::isInstance);
  }

  private Stream<ScoreTransform> transforms() {
    return Stream.of(onScores, onBiased, onMasked, onWeights).flatMap(List::stream);
  }

  /** Whether the scores of later keys decide which keys are visible. */
  public boolean countsLaterKeys() {
    return onBiased.stream().anyMatch(SparseTopK.class::isInstance);
  }

  /** Whether the scores of masked keys are limited, so that queries attend to them. */
  public boolean limitsMasked() {
    return onMasked.stream().anyMatch(LimitedScores.class::isInstance);
  }

  /** Whether scores depend on queries and keys by their products only. */
  public boolean areOfProducts() {
    return distance == null && onMasked.stream().noneMatch(ContextualPositions.class::isInstance);
  }

  /** Whether queries compete for keys, so that weights depend on all queries. */
  public boolean isInverted() {
    return normalization.function() instanceof InvertedSoftmax;
  }

  boolean isPlain() {
    return distance == null
        && onScores.isEmpty()
        && onBiased.isEmpty()
        && onMasked.isEmpty()
        && onWeights.isEmpty()
        && normalization.isPlain();
  }

  /**
   * The scores before all transforms.
   *
   * @param products the products of queries and keys: {@code [b, h, i, j]}
   */
  Value first(Scope scope, Value q, Value k, Value products, HeadGroups groups) {
    return distance == null ? products : distance.of(scope, q, k, products, groups);
  }

  /**
   * Normalizes scores.
   *
   * @param scores {@code [b, h, i, j]}
   */
  Normalized normalized(Scope scope, Value scores, @Nullable ScoreBias bias, ScoreContext context) {
    var transformed = all(scope, scores, onScores, context);
    Value biased;
    Value masked;
    Value signs = null;
    var parts = bias == null && separatesMask() ? ScoreBias.Separate.NONE : bias;
    if (parts instanceof ScoreBias.Separate separate) {
      biased = separate.bias() == null ? transformed : scope.add(transformed, separate.bias());
      var limited = all(scope, biased, onBiased, context);
      signs = normalization.signed() ? scope.sign(limited) : null;
      masked = masked(scope, signs == null ? limited : scope.abs(limited), separate.allowed());
    } else {
      var added = biased(scope, transformed, (ScoreBias.Whole) parts);
      biased = added;
      masked = added;
    }
    var last = scope.widen(all(scope, masked, onMasked, context)); // [b, h, i, j]
    var weights = normalization.of(scope, last, signs, context);
    var kept = carried == null ? CarriedScores.PLAIN : carried;
    return new Normalized(
        switch (kept) {
          case PLAIN -> scores;
          case BIASED -> biased;
          case MASKED -> last;
        },
        weights);
  }

  private static Value biased(Scope scope, Value scores, ScoreBias.@Nullable Whole bias) {
    return bias == null ? scores : scope.add(scores, bias.value());
  }

  private static Value masked(Scope scope, Value scores, @Nullable Value allowed) {
    return allowed == null ? scores : scope.where(allowed, scope.widen(scores), scope.lowest());
  }

  /** The attention weights after their transforms. */
  Value weights(Scope scope, Value normalized, ScoreContext context) {
    return all(scope, normalization.ofKeys(scope, normalized), onWeights, context);
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
