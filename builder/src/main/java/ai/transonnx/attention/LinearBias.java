package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * ALiBi, x-transformers' {@code AlibiPositionalBias} and its learned form: scores decrease linearly
 * with the distance, with a different slope for each head. Heads after the biased ones have no
 * bias.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads number of heads
 * @param slopes the slopes of heads
 * @see <a href="https://arxiv.org/abs/2108.12409">Train Short, Test Long</a>
 */
public record LinearBias(int heads, Slopes slopes) implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    var distances = scope.cast(scope.abs(positions.distances()), scope.wideType()); // [i, j]
    return scope.mul(distances, scope.neg(slopes.of(scope, heads))); // [h, i, j]
  }
}
