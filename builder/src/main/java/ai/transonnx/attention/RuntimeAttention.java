package ai.transonnx.attention;

import ai.transonnx.attention.Attention.Call;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Standard attention as a single operator of ONNX Runtime. */
final class RuntimeAttention {
  /** GroupQueryAttention requires a multiple of this as the number of a head's features. */
  private static final int ALIGNMENT = 8;

  private RuntimeAttention() {}

  /**
   * The concatenated outputs of the heads.
   *
   * @return {@code [b, i, h * d]}; null if no operator can compute the call, or the graph is
   *     portable
   */
  static @Nullable Value of(Scope scope, Attention attention, Call call) {
    var query = attention.inputs().query();
    var key = attention.inputs().key();
    var value = attention.inputs().value();
    if (scope.target() != Target.ONNXRUNTIME
        || value == null
        || call.keyInput() != call.valueInput()
        || call.rotations() != null
        || call.infused() != null
        || !attention.inputs().isPlain()
        || !attention.outputs().onHeads().isEmpty()) {
      return null;
    }
    if (call.bias() instanceof ScoreBias.Causality causality) {
      return isCausalOperator(attention.inputs())
          ? causal(scope, List.of(query, key, value), call.x(), causality)
          : null;
    }
    return call.bias() == null && key.heads() == query.heads()
        ? full(scope, query, key, value, call)
        : null;
  }

  /** Whether heads are as the causal operator requires. */
  static boolean isCausalOperator(HeadInputs inputs) {
    var key = inputs.key();
    var value = inputs.value();
    boolean shares = key.heads() > 1 && key.heads() < inputs.heads(); // others than the operator
    return value != null
        && !shares
        && value.heads() == key.heads()
        && value.headDim() == key.headDim()
        && inputs.query().headDim() == key.headDim()
        && key.headDim() % ALIGNMENT == 0;
  }

  private static Value causal(
      Scope scope, List<HeadProjection> projections, Value x, ScoreBias.Causality causality) {
    var packed = HeadProjection.together(scope, x, projections); // [b, n, (h + 2 * g) * d]
    int heads = projections.get(0).heads();
    int keyHeads = projections.get(1).heads();
    return scope.groupQueryAttention(packed, heads, keyHeads, causality.last(), causality.count());
  }

  private static Value full(
      Scope scope, HeadProjection query, HeadProjection key, HeadProjection value, Call call) {
    int heads = query.heads();
    if (call.x() == call.keyInput()) {
      var packed = HeadProjection.together(scope, call.x(), List.of(query, key, value));
      var parts = scope.split(packed, 2, query.features(), key.features(), value.features());
      return scope.multiHeadAttention(parts.get(0), parts.get(1), parts.get(2), heads);
    }
    var q = HeadProjection.together(scope, call.x(), List.of(query)); // [b, i, h * d]
    var packed = HeadProjection.together(scope, call.keyInput(), List.of(key, value));
    var parts = scope.split(packed, 2, key.features(), value.features()); // each [b, j, h * d]
    return scope.multiHeadAttention(q, parts.get(0), parts.get(1), heads);
  }
}
