package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * Data-dependent ALiBi whose gates belong to pairs: adds to the score of a query and an earlier key
 * the logarithms of the query's gates of the positions from the key's to the one before its own.
 * The gates are computed from queries and keys of few features. Learned memory keys have a bias of
 * 0.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param heads number of heads
 * @param headDim number of features of these queries and keys
 * @param factor a factor of the logarithms
 * @param leading number of keys before those of the sequence
 * @see <a href="https://openreview.net/forum?id=q2Lnyegkr8">Forgetting Transformer</a>
 */
public record PairwiseForgettingBias(long dim, int heads, long headDim, double factor, int leading)
    implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var module = scope.child("data_dependent_alibi");
    return scope.add(scores, bias(module, context.call()));
  }

  @Override
  public boolean isSquare() {
    return true;
  }

  @Override
  public boolean needsKeysInOrder() {
    return true;
  }

  /** The bias: {@code [b, h, i, j]}. */
  private Value bias(Scope scope, Attention.Call call) {
    var store = call.cache() == null ? null : call.cache().store();
    long features = heads * headDim;
    var projected =
        new Linear(dim, 2 * features, false).of(scope.child("to_forget_gates").child(0), call.x());
    var parts = scope.split(scope.widen(projected), 2, features, features); // each [b, i, h * d]
    var keys = parts.get(1);
    var all = store == null ? keys : store.slots(scope, "gate_keys", keys); // [b, j, h * d]
    var q = heads(scope, parts.get(0)); // [b, h, i, d]
    var k = scope.transpose(heads(scope, all), 0, 1, 3, 2); // [b, h, d, j]
    var similarities =
        scope.mul(scope.widen(scope.matMul(q, k)), scope.scalar(1 / Math.sqrt((double) headDim)));
    var logarithms = scope.mul(scope.softplus(scope.neg(similarities)), scope.scalar(-factor));
    var positions = store == null ? Positions.of(scope, call.x()) : store.positions();
    var isEarlier = scope.greaterOrEqual(positions.distances(), scope.scalar(1L));
    var counted = withoutLeading(scope, logarithms, store);
    var earlier = scope.where(isEarlier, counted, scope.scalar(0f)); // [b, h, i, j]
    var summed = scope.add(scope.sumOfFollowing(earlier, 3), earlier);
    return store == null && leading > 0
        ? scope.pad(summed, 3, leading, 0)
        : withoutLeading(scope, summed, store);
  }

  private Value heads(Scope scope, Value x) {
    var sizes = scope.concat(0, scope.sizes(x, 0, 2), scope.vector(heads, headDim));
    var shape = Shape.of(x.dim(0), x.dim(1), Dim.of(heads), Dim.of(headDim));
    return scope.transpose(scope.reshape(x, sizes, shape), 0, 2, 1, 3);
  }

  private Value withoutLeading(Scope scope, Value bias, @Nullable PositionStore store) {
    return store == null || leading == 0
        ? bias
        : scope.where(store.positions().isBefore(leading), scope.scalar(0f), bias);
  }
}
