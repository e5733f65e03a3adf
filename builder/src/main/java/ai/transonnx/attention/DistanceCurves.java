package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * x-transformers' {@code RelativeProjPositionalBias}: adds a function of the distance to the scores
 * of earlier keys, which is a sum of learned functions with weights computed from the query's
 * input. It is 0 from a maximum distance on.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of input features
 * @param heads number of heads
 * @param curves number of learned functions
 * @param maxDistance the distance from which on the functions are 0
 * @param leading number of keys before those of the sequence, whose scores do not change
 */
public record DistanceCurves(long dim, int heads, long curves, int maxDistance, int leading)
    implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var module = scope.child("rel_proj_pos_bias");
    var call = context.call();
    var store = call.cache() == null ? null : call.cache().store();
    var positions =
        store == null
            ? Positions.of(
                module,
                module.size(scores, 2),
                scores.dim(2),
                module.size(scores, 3),
                scores.dim(3))
            : store.positions();
    return scope.add(scores, bias(module, scores, call.x(), positions));
  }

  /** The bias: {@code [b, h, i, j]}. */
  private Value bias(Scope scope, Value scores, Value x, Positions positions) {
    var values = scope.widen(scope.matMul(weights(scope, x), bank(scope))); // [b, h, i, m]
    var distances = positions.distances(); // [i, j], or [b, 1, i, j]
    var clamped =
        scope.min(scope.max(distances, scope.scalar(0L)), scope.scalar((long) maxDistance - 1));
    var indices = scope.expand(clamped, scope.sizes(scores, 0, 4), scores.shape());
    var isNear = scope.less(distances, scope.scalar((long) maxDistance));
    var isValid = scope.and(isNear, scope.greaterOrEqual(distances, scope.scalar(0L)));
    var biases = scope.where(isValid, scope.gatherElements(values, indices), scope.scalar(0f));
    return leading == 0
        ? biases
        : scope.where(positions.isBefore(leading), scope.scalar(0f), biases);
  }

  private Value bank(Scope scope) {
    return scope.matrix("distance_bank", curves, maxDistance);
  }

  /** The weights of the functions: {@code [b, h, i, curves]}. */
  private Value weights(Scope scope, Value x) {
    var module = scope.child("to_distance_weights").child(0);
    var all = new Linear(dim, heads * curves).of(module, x); // [b, i, h * c]
    var sizes = scope.concat(0, scope.sizes(x, 0, 2), scope.vector(heads, curves));
    var shape = Shape.of(x.dim(0), x.dim(1), Dim.of(heads), Dim.of(curves));
    return scope.transpose(scope.reshape(all, sizes, shape), 0, 2, 1, 3);
  }
}
