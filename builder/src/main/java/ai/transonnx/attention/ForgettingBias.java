package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Data-dependent ALiBi: adds to the score of a query and an earlier key the logarithms of the gates
 * of the positions between them, which are computed from the input. Learned memory keys have a bias
 * of 0.
 *
 * <p>If attention is not causal, later keys have gates of their own, from the key back to the
 * query.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param heads number of heads
 * @param factor a factor of the logarithms
 * @param gates the gates between a query and a key
 * @param causal whether positions attend to no later positions
 * @param leading number of keys before those of the sequence
 * @see <a href="https://openreview.net/forum?id=q2Lnyegkr8">Forgetting Transformer</a>
 */
public record ForgettingBias(
    long dim, int heads, double factor, Gates gates, boolean causal, int leading)
    implements ScoreTransform {
  /** The gates between a query and an earlier key. */
  public enum Gates {
    /** Those after the key's position, up to the query's. */
    AFTER_KEY,
    /** Those from the key's position, up to the one before the query's. */
    FROM_KEY
  }

  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var module = scope.child("data_dependent_alibi");
    return scope.add(scores, bias(module, context.call()));
  }

  @Override
  public boolean isSquare() {
    return true;
  }

  /** The bias: {@code [b, h, i, j]}. */
  private Value bias(Scope scope, Attention.Call call) {
    var logarithms = logarithms(scope, call.x()); // [b, i, h], or [b, i, 2 * h]
    var store = call.cache() == null ? null : call.cache().store();
    var sums = store == null ? scope.cumSum(logarithms, 1) : store.sums(scope, "gates", logarithms);
    var counted = gates == Gates.AFTER_KEY ? sums : scope.sub(sums, logarithms);
    var all = store == null ? counted : store.slots(scope, "summed_gates", counted);
    if (causal) {
      return withoutLeading(scope, differences(scope, counted, all), store);
    }
    var directions = scope.split(counted, 2, heads, heads); // each [b, n, h]
    var back = differences(scope, directions.get(0), directions.get(0));
    var ahead = scope.neg(differences(scope, directions.get(1), directions.get(1)));
    var isEarlier =
        scope.greaterOrEqual(Positions.of(scope, call.x()).distances(), scope.scalar(0L));
    return withoutLeading(scope, scope.where(isEarlier, back, ahead), null);
  }

  private Value logarithms(Scope scope, Value x) {
    var module = scope.child("to_forget_gates").child(0);
    var inputs = new Linear(dim, causal ? heads : 2L * heads).of(module, x);
    return scope.mul(scope.softplus(scope.neg(inputs)), scope.scalar(-factor));
  }

  private static Value differences(Scope scope, Value queries, Value keys) {
    return scope.sub(
        scope.unsqueeze(scope.transpose(queries, 0, 2, 1), 3), // [b, h, i, 1]
        scope.unsqueeze(scope.transpose(keys, 0, 2, 1), 2)); // [b, h, 1, j]
  }

  private Value withoutLeading(Scope scope, Value bias, @Nullable PositionStore store) {
    if (leading == 0) {
      return bias;
    }
    return store == null
        ? scope.pad(bias, 3, leading, 0)
        : scope.where(store.positions().isBefore(leading), scope.scalar(0f), bias);
  }
}
