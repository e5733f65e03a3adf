package ai.transonnx.attention;

import ai.transonnx.attention.Attention.Call;
import ai.transonnx.attention.MemoryKeyValues.KeyValues;
import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Causal attention to a KV cache as a single operator of ONNX Runtime, which writes the cache as
 * well. It reads used slots only, and in a prompt it skips the scores that the causal mask hides.
 * Separate operators compute the calls that it {@linkplain CausalCalls cannot}.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param heads the heads of queries, and those of keys and values that they share
 * @param packed queries, keys and values of all heads: {@code [b, n, (h + 2 * g) * d]}
 */
record CachedRuntimeAttention(
    HeadGroups heads, Value packed, CausalBuffers buffers, ScoreBias.Causality causality) {
  /**
   * The concatenated outputs of the heads.
   *
   * @return {@code [b, i, h * d]}; null if the operator cannot compute the layer, or the graph is
   *     portable
   */
  static @Nullable Value of(Scope scope, Attention attention, Call call) {
    var buffers = call.cache() == null ? null : call.cache().causal();
    if (buffers == null || !(call.bias() instanceof ScoreBias.Causality causality)) {
      return null;
    }
    boolean isPossible =
        scope.target() == Target.ONNXRUNTIME
            && scope.cacheType() == scope.computeType()
            && call.keyInput() == call.valueInput()
            && attention.inputs().areWholeHeads()
            && attention.outputs().onHeads().isEmpty()
            && (call.rotations() == null || call.rotations().allKeys() == null);
    if (!isPossible || !RuntimeAttention.isCausalOperator(attention.inputs())) {
      return null;
    }
    var packed = attention.packed(scope, call); // [b, n, (h + 2 * g) * d]
    return new CachedRuntimeAttention(attention.inputs().keyGroups(), packed, buffers, causality)
        .of(scope);
  }

  private Value of(Scope scope) {
    var calls = buffers.calls();
    var past = buffers.past();
    var types = new ArrayList<TensorType>();
    types.add(
        new TensorType(
            scope.computeType(),
            packed.shape().withLast(Dim.of(heads.heads() * features().size()))));
    past.forEach(buffer -> types.add(GrowingBuffers.extended(buffer)));
    var mask = causality.value();
    var results =
        scope.ifElse(
            calls.inPlace(),
            types,
            inner -> operator(inner, past),
            outer ->
                outer.ifElse(
                    calls.suits(),
                    types,
                    inner -> operator(inner, buffers.grown(inner)),
                    inner -> separate(inner, mask)));
    buffers.present(results.subList(1, results.size()));
    return results.get(0);
  }

  private Dim features() {
    return buffers.past().get(0).dim(3);
  }

  private List<Value> operator(Scope scope, List<Value> past) {
    var calls = buffers.calls();
    return scope.groupQueryAttention(
        scope.operand(packed), heads.heads(), heads.shared(), past, calls.last(), calls.count());
  }

  private List<Value> separate(Scope scope, Value mask) {
    long h = heads.heads();
    long g = heads.shared();
    var shape = Shape.of(packed.dim(0), packed.dim(1), Dim.of(h + 2 * g), features());
    var byHead = scope.reshape(packed, scope.vector(0, 0, h + 2 * g, features().size()), shape);
    var parts = scope.split(scope.transpose(byHead, 0, 2, 1, 3), 1, h, g, g);
    var all = buffers.written(scope, new KeyValues(parts.get(1), parts.get(2)));
    var keys = scope.operand(all.get(0)); // [b, g, slots, d]
    var values = scope.operand(all.get(1)); // [b, g, slots, d]
    var scores = scope.add(heads.productOfTransposed(scope, parts.get(0), keys), mask);
    var weights = scope.softmax(scope.widen(scores)); // [b, h, n, slots]
    var sums = scope.transpose(heads.product(scope, weights, values), 0, 2, 1, 3); // [b, n, h, d]
    var merged =
        scope.reshape(
            sums, scope.vector(0, 0, -1), packed.shape().withLast(Dim.of(h * features().size())));
    var results = new ArrayList<Value>();
    results.add(scope.cast(merged, scope.computeType()));
    results.addAll(all);
    return results;
  }
}
