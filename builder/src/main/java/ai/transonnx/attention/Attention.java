package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention, composed of configurable parts.
 *
 * <p>In shapes, b is the number of sequences, h of heads, i of queries, j of keys and d of features
 * of a head.
 *
 * <p>Immutable; threads may share it.
 *
 * @param query the projection of queries; without a similarity, its scale is the scale of the
 *     scores
 * @param key the projection of keys; if it has one head, all query heads share it
 * @param value the projection of values; null if the keys are the values
 * @param mixing computes all heads' queries from one head; null if the query projection has all
 *     heads
 * @param similarity normalizes queries and keys; null to leave them unchanged
 * @param memory learned memory keys and values, or null
 * @param onScores transforms of the scores before the bias is added
 * @param onBiasedScores transforms of the scores after the bias is added
 * @param normalization turns a query's scores into attention weights, usually a softmax
 * @param onWeights transforms of the attention weights
 * @param onHeads transforms of each head's output
 * @param onFeatures transforms of the concatenated heads' outputs
 * @param output the projection of the concatenated heads' outputs
 */
public record Attention(
    HeadProjection query,
    HeadProjection key,
    @Nullable HeadProjection value,
    @Nullable CollaborativeHeads mixing,
    @Nullable CosineSimilarity similarity,
    @Nullable MemoryKeyValues memory,
    List<ScoreTransform> onScores,
    List<ScoreTransform> onBiasedScores,
    ScoreTransform normalization,
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
   * The inputs of one call.
   *
   * @param x the queries' positions: {@code [b, i, dim]}
   * @param keyInput the keys' positions: {@code [b, j, dim]}
   * @param infused position vectors that are added to the inputs of queries and keys, but not of
   *     values; or null
   * @param rotations rotations of queries, and of keys and values; or null
   * @param previousScores scores of another attention, which are added to the scores; or null
   * @param bias added to the scores, or null
   * @param cache the keys and values of earlier calls; null to attend to the call's own only
   */
  public record Call(
      Value x,
      Value keyInput,
      @Nullable Infused infused,
      @Nullable Rotations rotations,
      @Nullable Value previousScores,
      @Nullable ScoreBias bias,
      @Nullable Cache cache) {}

  /**
   * Keeps keys and values from call to call.
   *
   * @param isOfContext whether they belong to a context, which later calls are not given again
   * @param kept returns all keys and values, given a function that computes those of the call
   */
  public record Cache(
      boolean isOfContext, BiFunction<Scope, Function<Scope, KeyValues>, KeyValues> kept) {
    /**
     * All keys and values.
     *
     * @param computed computes those of the call
     */
    KeyValues of(Scope scope, Function<Scope, KeyValues> computed) {
      return kept.apply(scope, computed);
    }
  }

  /**
   * Position vectors of position-infused attention.
   *
   * @param queries {@code [i, dim]}
   * @param keys {@code [j, dim]}
   * @see <a href="https://arxiv.org/abs/2012.15832">Shortformer</a>
   */
  public record Infused(Value queries, Value keys) {}

  /**
   * The results of a call.
   *
   * @param out {@code [b, i, dim]}
   * @param scores the scores before transforms and bias: {@code [b, h, i, j]}
   * @param weights the result of the normalization: {@code [b, h, i, j]}
   */
  public record Result(Value out, Value scores, Value weights) {}

  /**
   * Computes only the output of attention, with a single operator if the target has one.
   *
   * @param scope the attention's module
   * @return {@code [b, i, dim]}
   */
  public Value out(Scope scope, Call call) {
    boolean isPlain =
        call.previousScores == null
            && call.cache == null
            && onScores.isEmpty()
            && onBiasedScores.isEmpty()
            && onWeights.isEmpty()
            && normalization instanceof Softmax;
    var features = isPlain ? RuntimeAttention.of(scope, this, call) : null; // [b, i, h * d]
    return features == null ? of(scope, call).out : output(scope, features, call.x);
  }

  /**
   * Computes attention with separate operators.
   *
   * @param scope the attention's module
   * @return the output, the scores and the attention weights
   */
  public Result of(Scope scope, Call call) {
    boolean isKeptContext = call.cache != null && call.cache.isOfContext();
    var projected = isKeptContext ? List.of(query.of(scope, call.x)) : project(scope, call);
    var queries = mixing == null ? projected.get(0) : mixing.of(scope, projected.get(0));
    var q = similarity == null ? queries : similarity.queries(scope, queries); // [b, h, i, d]
    if (call.rotations != null) {
      q = call.rotations.queries().of(scope, q); // [b, h, i, d]
    }
    Function<Scope, KeyValues> computed =
        inner ->
            keyValues(
                inner,
                isKeptContext
                    ? projectContext(inner, call.keyInput)
                    : projected.subList(1, projected.size()),
                call.rotations);
    var all = call.cache == null ? computed.apply(scope) : call.cache.of(scope, computed);
    var products = scope.matMul(q, scope.transpose(all.keys(), 0, 1, 3, 2)); // [b, h, i, j]
    var scores = call.previousScores == null ? products : scope.add(products, call.previousScores);
    var weights = weights(scope, scores, call.bias);
    var gathered = scope.matMul(transform(scope, weights, onWeights), all.values());
    return new Result(merge(scope, gathered, call.x), scores, weights);
  }

  /** Projects queries, keys and, unless the keys are the values, values. */
  private List<Value> project(Scope scope, Call call) {
    var projections = new ArrayList<>(List.of(query, key));
    var inputs = new ArrayList<>(List.of(call.x, call.keyInput));
    if (call.infused != null) {
      boolean alike = call.x == call.keyInput && call.infused.queries == call.infused.keys;
      var x = scope.add(call.x, call.infused.queries); // [b, i, dim]
      inputs.set(0, x);
      inputs.set(1, alike ? x : scope.add(call.keyInput, call.infused.keys)); // [b, j, dim]
    }
    if (value != null) {
      projections.add(value);
      inputs.add(call.keyInput);
    }
    return HeadProjection.all(scope, inputs, projections);
  }

  /** Projects the keys and, unless they are the values, the values of a context. */
  private List<Value> projectContext(Scope scope, Value context) {
    var projections = value == null ? List.of(key) : List.of(key, value);
    var inputs = Collections.nCopies(projections.size(), context);
    return HeadProjection.all(scope, inputs, projections);
  }

  /** The keys and values to attend to; the same value twice if the keys are the values. */
  private KeyValues keyValues(Scope scope, List<Value> projected, @Nullable Rotations rotations) {
    var keys = projected.get(0);
    var k = similarity == null ? keys : similarity.keys(scope, keys);
    var v = projected.get(projected.size() - 1);
    boolean same = k == v;
    if (rotations != null) {
      k = rotations.keys().of(scope, k); // [b, h, j, d]
      v = same ? k : rotations.keys().of(scope, v); // [b, h, j, d]
    }
    var own = new KeyValues(k, v);
    return memory == null ? own : memory.before(scope, own, similarity);
  }

  /** Whether the keys are the values, so that a cache need only keep one of them. */
  public boolean keysAreValues() {
    return value == null && similarity == null && memory == null;
  }

  private Value weights(Scope scope, Value scores, @Nullable ScoreBias bias) {
    var transformed = transform(scope, scores, onScores);
    var biased = bias == null ? transformed : scope.add(transformed, bias.value());
    var last = scope.widen(transform(scope, biased, onBiasedScores)); // [b, h, i, j]
    return normalization.of(scope, last);
  }

  private static Value transform(Scope scope, Value scores, List<ScoreTransform> transforms) {
    var transformed = scores;
    for (var transform : transforms) {
      transformed = transform.of(scope, transformed);
    }
    return transformed;
  }

  /** The layer's output from the heads' outputs {@code gathered}, {@code [b, h, i, d]}. */
  private Value merge(Scope scope, Value gathered, Value x) {
    var heads = gathered;
    for (var transform : onHeads) {
      heads = transform.of(scope, heads, x);
    }
    return output(scope, scope.transpose(heads, 0, 2, 1, 3), x);
  }

  /**
   * The layer's output from the heads' outputs {@code byPosition}, {@code [b, i, h, d]} or {@code
   * [b, i, h * d]}.
   */
  private Value output(Scope scope, Value byPosition, Value x) {
    var given = onFeatures.isEmpty() ? null : Rows.of(scope, x); // [b * i, dim]
    Dim features = Dim.of(output.features());
    var sizes = scope.vector(-1, features.size());
    var together =
        scope.reshape(byPosition, sizes, Shape.of(Rows.count(x), features)); // [b * i, h * d]
    if (given != null) {
      for (var transform : onFeatures) {
        together = transform.of(scope, together, given);
      }
    }
    return Rows.sequences(scope, output.of(scope, together), x); // [b, i, dim]
  }
}
