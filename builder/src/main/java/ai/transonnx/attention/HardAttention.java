package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Attends to the key of the greatest score only, to the first of several.
 *
 * <p>Immutable; threads may share it.
 */
public record HardAttention() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var greatest = scope.argMax(scores); // [b, h, i, 1]
    var keys = scope.range(scope.size(scores, 3), scores.dim(3)); // [j]
    return scope.cast(scope.equal(keys, greatest), scope.wideType()); // [b, h, i, j]
  }
}
