package ai.transonnx.attention;

import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/**
 * The slopes of ALiBi. Heads after those that have a slope have no bias.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public sealed interface Slopes {
  /**
   * The slopes: {@code [heads, 1, 1]}.
   *
   * @param scope the module of the bias
   */
  Value of(Scope scope, int heads);

  /** Given slopes of the first heads. */
  record Given(List<Double> slopes) implements Slopes {
    public Given {
      slopes = List.copyOf(slopes);
    }

    /**
     * The slopes of the paper: a geometric series if the number of heads is a power of two.
     * Otherwise the series of the next lower power, then every other slope of the series of the
     * next higher power.
     *
     * @param count number of heads that have a slope, the first ones
     */
    public static Given series(int count) {
      var slopes = new Double[count];
      int power = Integer.highestOneBit(count);
      for (int head = 0; head < count; head++) {
        slopes[head] = head < power ? slope(power, head) : slope(2 * power, 2 * (head - power));
      }
      return new Given(List.of(slopes));
    }

    private static double slope(int count, int index) {
      return Math.pow(2, -8.0 * (index + 1) / count);
    }

    @Override
    public Value of(Scope scope, int heads) {
      var all = new double[heads];
      for (int head = 0; head < slopes.size(); head++) {
        all[head] = slopes.get(head);
      }
      return scope.constant(Shape.of(heads, 1, 1), all);
    }
  }

  /**
   * Learned logarithms of the slopes of the first heads.
   *
   * @param count number of these heads
   * @param bySequence whether the weights also have a batch dimension, of size 1
   */
  record Learned(int count, boolean bySequence) implements Slopes {
    @Override
    public Value of(Scope scope, int heads) {
      var logarithms =
          bySequence
              ? scope.parameter("learned_logslopes", 1, count, 1, 1)
              : scope.parameter("learned_logslopes", count, 1, 1);
      var slopes = scope.exp(logarithms);
      return count == heads ? slopes : scope.pad(slopes, slopes.rank() - 3, 0, heads - count);
    }
  }
}
