package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * ALiBi, x-transformers' {@code AlibiPositionalBias} and its learned form: scores fall with the
 * distance, in each head at another rate. Heads beyond the biased ones have no bias.
 *
 * <p>Immutable; threads may share it.
 *
 * @param heads all heads
 * @param biasedHeads the first heads, which have a bias
 * @param learned whether the logarithms of the rates are weights
 * @param bySequence whether these have a dimension of sequences, too, of size 1
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

  /** A geometric series for a power of two; else one, and every other of the next, in between. */
  private double slope(int head) {
    int power = Integer.highestOneBit(biasedHeads);
    return head < power ? slope(power, head) : slope(2 * power, 2 * (head - power));
  }

  private static double slope(int count, int index) {
    return Math.pow(2, -8.0 * (index + 1) / count);
  }
}
