package ai.transonnx.attention;

import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.attention.RotaryEmbedding.Rotations;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Multi-head attention, composed of configurable parts.
 *
 * <p>In shapes, b is the number of sequences, h of heads, i of queries, j of keys and d of features
 * of a head.
 *
 * <p>Immutable; threads may share it.
 *
 * @param inputs queries, keys and values
 * @param scores the way from their products to attention weights
 * @param outputs the way from the heads' outputs to the output
 */
public record Attention(HeadInputs inputs, Scores scores, HeadOutputs outputs) {
  /**
   * The inputs of one call.
   *
   * @param x the queries' positions: {@code [b, i, dim]}
   * @param keyInput the keys' positions: {@code [b, j, dim]}
   * @param valueInput the values' positions, which are the keys' but may have other features:
   *     {@code [b, j, dim]}
   * @param infused position vectors that are added to the inputs of queries and keys, but not of
   *     values; or null
   * @param rotations rotations of queries and keys, and maybe of values; or null
   * @param previousScores scores of another attention, which are added to the scores; or null
   * @param bias added to the scores, or null
   * @param residual the values of another layer, which are mixed with the call's own; or null
   * @param cache the keys and values of earlier calls; null to attend to the call's own only
   */
  public record Call(
      Value x,
      Value keyInput,
      Value valueInput,
      @Nullable Infused infused,
      @Nullable Rotations rotations,
      @Nullable Value previousScores,
      @Nullable ScoreBias bias,
      @Nullable ValueResidual residual,
      @Nullable Cache cache) {
    /** A call without positions, earlier scores and earlier calls. */
    public static Call of(Value x, Value keyInput, Value valueInput) {
      return new Call(x, keyInput, valueInput, null, null, null, null, null, null);
    }
  }

  /**
   * Keeps keys and values from call to call.
   *
   * @param isOfContext whether they belong to a context, which later calls are not given again
   * @param ofLatents whether latent features are kept in place of keys, and keys of heads that are
   *     computed from the input itself in place of values
   * @param kept returns all keys and values, given a function that computes those of the call
   * @param store keeps other values of the sequence; null if the keys are those of a context
   * @param causal the buffers for a causal operator; null if it cannot use them
   */
  public record Cache(
      boolean isOfContext,
      boolean ofLatents,
      BiFunction<Scope, Function<Scope, KeyValues>, KeyValues> kept,
      @Nullable PositionStore store,
      @Nullable CausalBuffers causal) {
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
   * @param scores the scores for the next layer: {@code [b, h, i, j]}
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
            && call.residual == null
            && scores.isPlain()
            && outputs.orthogonal() == null;
    var features = isPlain ? ofRuntime(scope, call) : null; // [b, i, h * d]
    return features == null ? of(scope, call).out : outputs.of(scope, features, call.x);
  }

  private @Nullable Value ofRuntime(Scope scope, Call call) {
    return call.cache == null
        ? RuntimeAttention.of(scope, this, call)
        : CachedRuntimeAttention.of(scope, this, call);
  }

  /** Queries, keys and values of all heads: {@code [b, n, (h + 2 * g) * d]}. */
  Value packed(Scope scope, Call call) {
    var value = inputs.value();
    if (inputs.isPlain() && value != null && call.rotations == null && call.infused == null) {
      var projections = List.of(inputs.query(), inputs.key(), value);
      return HeadProjection.together(scope, call.x, projections);
    }
    var projected = projections().all(scope, call);
    var q = queries(scope, projected.get(0), call); // [b, h, n, d]
    var own = keyValues(scope, projected.subList(1, projected.size()), call); // [b, g, n, d]
    var heads = Stream.of(q, own.keys(), own.values()).map(scope::operand).toList();
    var byPosition = scope.transpose(scope.concat(1, heads), 0, 2, 1, 3); // [b, n, h + 2 * g, d]
    long features = byPosition.dim(2).size() * byPosition.dim(3).size();
    return scope.reshape(
        byPosition, scope.vector(0, 0, features), call.x.shape().withLast(Dim.of(features)));
  }

  /**
   * Computes attention with separate operators.
   *
   * @param scope the attention's module
   * @return the output, the scores and the attention weights
   */
  public Result of(Scope scope, Call call) {
    boolean projectsQueriesOnly = isKeptContext(call) || keepsLatents(call);
    var projected =
        projectsQueriesOnly
            ? List.of(projections().queries(scope, call.x))
            : projections().all(scope, call);
    var q = queries(scope, projected.get(0), call); // [b, h, i, d]
    var attended = attended(scope, projected, call);
    var similarities = attended.products(scope, q); // [b, h, i, j]
    var products =
        attended instanceof ProjectedKeys keys
            ? scores.first(scope, q, keys.all().keys(), similarities, inputs.keyGroups())
            : similarities;
    var summed = call.previousScores == null ? products : scope.add(products, call.previousScores);
    // [b, h, i, j]
    var context = new ScoreContext(call, q, summed);
    var normalized = scores.normalized(scope, summed, call.bias, context);
    var weights = normalized.weights(); // [b, h, i, j]
    var mixed = scores.weights(scope, weights, context); // [b, h, i, j]
    var gathered = attended.sums(scope, mixed); // [b, h, i, d]
    var sums = withoutEmptyRows(scope, gathered, call.bias); // [b, h, i, d]
    var exponential = inputs.exponential();
    var filled = exponential == null ? sums : exponential.logarithms(scope, sums);
    var added = call.residual == null ? null : call.residual.added(scope, this, call);
    var out =
        added == null
            ? filled
            : scope.add(filled, inputs.valueGroups().tiled(scope, added)); // [b, h, i, d]
    var merged = outputs.merge(scope, out, call.x, () -> tiledValues(scope, call));
    return new Result(merged, normalized.carried(), weights);
  }

  /**
   * The keys and values of a call and of earlier ones.
   *
   * @param projected the call's queries, and its keys and values unless they are computed on demand
   */
  private AttendedKeys attended(Scope scope, List<Value> projected, Call call) {
    var latents = inputs.latents();
    if (latents != null && keepsLatents(call) && call.cache != null) {
      var kept =
          call.cache.of(
              scope,
              inner ->
                  LatentKeys.ofInput(
                      inner,
                      inputs,
                      latents,
                      call.keyInput,
                      call.rotations == null ? null : call.rotations.keys()));
      var rotated = latents.rotated() == null ? null : encoded(scope, call, kept.values());
      return new LatentKeys(inputs, kept.keys(), rotated);
    }
    Function<Scope, KeyValues> computed =
        inner ->
            keyValues(
                inner,
                isKeptContext(call)
                    ? projections().ofContext(inner, call.keyInput)
                    : projected.subList(1, projected.size()),
                call);
    if (call.cache == null) {
      return new ProjectedKeys(inputs, computed.apply(scope));
    }
    var kept = call.cache.of(scope, computed);
    var keys = encoded(scope, call, kept.keys());
    return new ProjectedKeys(inputs, new KeyValues(keys, kept.values()));
  }

  private static boolean keepsLatents(Call call) {
    return call.cache != null && call.cache.ofLatents();
  }

  /** The keys of all calls, with the positions that they are kept without. */
  private static Value encoded(Scope scope, Call call, Value keys) {
    var encoding = call.rotations == null ? null : call.rotations.allKeys();
    return encoding == null ? keys : encoding.of(scope, keys);
  }

  /** The values of a call before any transform: {@code [b, h, j, d]}. */
  Value projectedValues(Scope scope, Call call) {
    var projected =
        isKeptContext(call)
            ? projections().ofContext(scope, call.keyInput)
            : projections().all(scope, call);
    return projected.get(projected.size() - 1);
  }

  private Value tiledValues(Scope scope, Call call) {
    return inputs.valueGroups().repeated(scope, projectedValues(scope, call));
  }

  /** The keys and values that a call computes, of which none come from earlier calls. */
  KeyValues ownKeyValues(Scope scope, Call call) {
    var projected =
        isKeptContext(call)
            ? projections().ofContext(scope, call.keyInput)
            : keysAndValues(scope, call);
    return keyValues(scope, projected, call);
  }

  private List<Value> keysAndValues(Scope scope, Call call) {
    var projected = projections().all(scope, call);
    return projected.subList(1, projected.size());
  }

  private Projections projections() {
    return new Projections(inputs);
  }

  private static boolean isKeptContext(Call call) {
    return call.cache != null && call.cache.isOfContext();
  }

  private static Value withoutEmptyRows(Scope scope, Value gathered, @Nullable ScoreBias bias) {
    var empty = bias == null ? null : bias.emptyRows();
    return empty == null ? gathered : scope.where(empty, scope.scalar(0f), gathered);
  }

  private Value queries(Scope scope, Value projected, Call call) {
    var q = inputs.mixing() == null ? projected : inputs.mixing().of(scope, projected);
    for (var transform : inputs.onQueriesAndKeys()) {
      q = transform.queries(scope, q);
    }
    return call.rotations == null ? q : call.rotations.queries().of(scope, q);
  }

  /** The keys and values to attend to; the same value twice if the keys are the values. */
  private KeyValues keyValues(Scope scope, List<Value> projected, Call call) {
    var k = projected.get(0);
    for (var transform : inputs.onQueriesAndKeys()) {
      k = transform.keys(scope, k);
    }
    var residual = call.residual;
    var v = projected.get(projected.size() - 1);
    if (residual != null) {
      v = residual.mixed(scope, ValueMix.Stage.PROJECTED, v, call.x);
    }
    for (var transform : inputs.onValues()) {
      v = transform.of(scope, v, call);
    }
    boolean same = k == v;
    if (call.rotations != null) {
      k = call.rotations.keys().of(scope, k); // [b, h, j, d]
      if (call.rotations.ofValues()) {
        v = same ? k : call.rotations.keys().of(scope, v); // [b, h, j, d]
      }
    }
    var own = new KeyValues(k, v);
    var memory = inputs.memory();
    var joined = memory == null ? own : memory.before(scope, own, inputs.onQueriesAndKeys());
    var mixed = residual == null ? joined : residual.mixed(scope, joined, call.x);
    var exponential = inputs.exponential();
    var all =
        exponential == null
            ? mixed
            : new KeyValues(mixed.keys(), exponential.exponentials(scope, mixed.values()));
    return inputs.zeroKey() ? withZero(scope, all) : all;
  }

  private static KeyValues withZero(Scope scope, KeyValues all) {
    var keys = scope.pad(all.keys(), 2, 1, 0);
    return new KeyValues(
        keys, all.keys() == all.values() ? keys : scope.pad(all.values(), 2, 1, 0));
  }

  /**
   * Whether the keys are the values, so that a cache need only keep one of them.
   *
   * @param rotatesKeysOnly whether keys are rotated and values are not
   */
  public boolean keysAreValues(boolean rotatesKeysOnly) {
    return inputs.value() == null
        && inputs.onQueriesAndKeys().isEmpty()
        && inputs.onValues().isEmpty()
        && inputs.memory() == null
        && inputs.exponential() == null
        && !rotatesKeysOnly;
  }

  /**
   * Whether a cache may keep latent features in place of keys and values.
   *
   * @param rotatesKeys whether keys are rotated
   */
  public boolean canKeepLatents(boolean rotatesKeys) {
    var latents = inputs.latents();
    return latents != null
        && inputs.areOfLatents()
        && scores.distance() == null
        && outputs.orthogonal() == null
        && (latents.rotated() != null || !rotatesKeys);
  }

  /** Whether only rotations depend on the order of the features of queries and keys. */
  public boolean allowsAnyFeatureOrder() {
    return inputs.isPlain() && scores.isPlain();
  }

  /**
   * This attention with reordered features of queries and keys, whose products stay the same.
   *
   * @param count number of first features of a head that are pairs; their first ones come first
   */
  public Attention withSplitPairs(long count) {
    return new Attention(inputs.withSplitPairs(count), scores, outputs);
  }
}
