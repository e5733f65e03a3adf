package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.graph.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention, made of the parts that are asked for.
 *
 * <p>b sequences, h heads, i queries, j keys, d features of a head.
 *
 * @param query the projection of queries; without a similarity, its scale is that of the scores
 * @param key the projection of keys; one head serves all queries' heads
 * @param value the projection of values; null if the keys are the values
 * @param similarity how queries and keys are normalized
 * @param memory keys and values that are weights
 * @param onScores before the bias
 * @param onBiasedScores behind the bias
 * @param onWeights behind the softmax
 * @param onHeads on each head's outcome
 * @param onFeatures on all heads' outcome
 */
public record Attention(
    HeadProjection query,
    HeadProjection key,
    @Nullable HeadProjection value,
    @Nullable CosineSimilarity similarity,
    @Nullable MemoryKeyValues memory,
    List<ScoreTransform> onScores,
    List<ScoreTransform> onBiasedScores,
    List<ScoreTransform> onWeights,
    List<OutputTransform> onHeads,
    List<OutputTransform> onFeatures,
    OutputProjection output) {
  public Attention {
    onScores = List.copyOf(onScores);
    onBiasedScores = List.copyOf(onBiasedScores);
    onWeights = List.copyOf(onWeights);
    onHeads = List.copyOf(onHeads);
    onFeatures = List.copyOf(onFeatures);
  }

  /**
   * What one call attends from and to.
   *
   * @param x the queries' positions: {@code [b, i, dim]}
   * @param keyInput the keys' positions: {@code [b, j, dim]}
   * @param rotations of queries and of keys and values, or null
   * @param previousScores another attention's scores, which these are added to, or null
   * @param bias added to the scores: broadcasts to {@code [b, h, i, j]}; or null
   */
  public record Call(
      Value x,
      Value keyInput,
      @Nullable Rotations rotations,
      @Nullable Value previousScores,
      @Nullable Value bias) {}

  /**
   * What comes of a call.
   *
   * @param out {@code [b, i, dim]}
   * @param scores before anything is done to them: {@code [b, h, i, j]}
   * @param weights as the softmax gives them: {@code [b, h, i, j]}
   */
  public record Result(Value out, Value scores, Value weights) {}

  private record Projected(Value q, Value k, Value v) {}

  /**
   * Attends.
   *
   * @param scope the attention's module
   */
  public Result of(Scope scope, Call call) {
    var projected = project(scope, call);
    var q = similarity == null ? projected.q : similarity.queries(scope, projected.q);
    var k = similarity == null ? projected.k : similarity.keys(scope, projected.k);
    var v = projected.v;
    if (call.rotations != null) {
      q = call.rotations.queries().of(scope, q); // [b, h, i, d]
      k = call.rotations.keys().of(scope, k); // [b, h, j, d]
      v = call.rotations.keys().of(scope, v); // [b, h, j, d]
    }
    var all = new KeyValues(k, v);
    if (memory != null) {
      all = memory.before(scope, all, similarity);
    }
    var products = scope.matMul(q, scope.transpose(all.keys(), 0, 1, 3, 2)); // [b, h, i, j]
    var scores = call.previousScores == null ? products : scope.add(products, call.previousScores);
    var weights = weights(scope, scores, call.bias);
    var gathered = scope.matMul(transform(scope, weights, onWeights), all.values());
    return new Result(output(scope, gathered, call.x), scores, weights);
  }

  private Projected project(Scope scope, Call call) {
    var projections = new ArrayList<HeadProjection>();
    projections.add(key);
    if (value != null) {
      projections.add(value);
    }
    if (call.x == call.keyInput) {
      projections.add(0, query);
      var all = HeadProjection.all(scope, call.x, projections);
      return new Projected(all.get(0), all.get(1), all.get(all.size() - 1));
    }
    var q = query.of(scope, call.x);
    var all = HeadProjection.all(scope, call.keyInput, projections);
    return new Projected(q, all.get(0), all.get(all.size() - 1));
  }

  private Value weights(Scope scope, Value scores, @Nullable Value bias) {
    var transformed = transform(scope, scores, onScores);
    var biased = bias == null ? transformed : scope.add(transformed, bias);
    return scope.softmax(transform(scope, biased, onBiasedScores)); // [b, h, i, j]
  }

  private static Value transform(Scope scope, Value scores, List<ScoreTransform> transforms) {
    var transformed = scores;
    for (var transform : transforms) {
      transformed = transform.of(scope, transformed);
    }
    return transformed;
  }

  private Value output(Scope scope, Value gathered, Value x) {
    var heads = gathered; // [b, h, i, d]
    for (var transform : onHeads) {
      heads = transform.of(scope, heads, x);
    }
    var byPosition = scope.transpose(heads, 0, 2, 1, 3); // [b, i, h, d]
    var given = onFeatures.isEmpty() ? null : Rows.of(scope, x); // [b * i, dim]
    Dim count = given == null ? scope.unknownDim() : given.dim(0);
    Dim features = Dim.of(output.features());
    var sizes = scope.vector(-1, features.size());
    var together = scope.reshape(byPosition, sizes, Shape.of(count, features)); // [b * i, h * d]
    if (given != null) {
      for (var transform : onFeatures) {
        together = transform.of(scope, together, given);
      }
    }
    return Rows.sequences(scope, output.of(scope, together), x); // [b, i, dim]
  }
}
