package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
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
 * @param biasedHeads number of heads that have a bias, the first ones
 * @param learned whether the logarithms of the slopes are weights
 * @param bySequence whether these weights also have a batch dimension, of size 1
 * @see <a href="https://arxiv.org/abs/2108.12409">Train Short, Test Long</a>
 */
public record LinearBias(int heads, int biasedHeads, boolean learned, boolean bySequence)
    implements PositionBias {
  @Override
  public Value of(Scope scope, Positions positions) {
    var distances = scope.cast(scope.abs(positions.distances()), ElementType.FLOAT32); // [i, j]
    return scope.mul(distances, scope.neg(learned ? learned(scope) : fixed(scope))); // [h, i, j]
  }

  private Value learned(Scope scope) {
    var logarithms =
        bySequence
            ? scope.parameter("learned_logslopes", 1, biasedHeads, 1, 1)
            : scope.parameter("learned_logslopes", biasedHeads, 1, 1);
    var slopes = scope.exp(logarithms);
    return biasedHeads == heads
        ? slopes
        : scope.pad(slopes, slopes.rank() - 3, 0, heads - biasedHeads);
  }

  private Value fixed(Scope scope) {
    var slopes = new float[heads];
    for (int head = 0; head < biasedHeads; head++) {
      slopes[head] = (float) slope(head);
    }
    return scope.constant(Tensor.of(Shape.of(heads, 1, 1), slopes));
  }

  /**
   * The slope of a head: a geometric series if the number of heads is a power of two. Otherwise the
   * series of the next lower power, then every other slope of the series of the next higher power.
   */
  private double slope(int head) {
    int power = Integer.highestOneBit(biasedHeads);
    return head < power ? slope(power, head) : slope(2 * power, 2 * (head - power));
  }

  private static double slope(int count, int index) {
    return Math.pow(2, -8.0 * (index + 1) / count);
  }
}
