package ai.transonnx.tokenshift;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.internal.function.DiscountedCumulativeSum;
import ai.transonnx.internal.function.ShiftedSegmentMeans;
import ai.transonnx.internal.function.TokenShift;
import ai.transonnx.op.Scope;

/** How a layer's gate sees the positions before it. */
sealed interface GateMixing {
  /** The mixing of a configuration. */
  static GateMixing of(TokenShiftGptConfig config) {
    if (config.useDiscountedCumsum()) {
      return new Discounted((float) config.discountGamma());
    }
    // As torch.chunk: chunks of the rounded-up size, which may be fewer than asked for.
    int asked = ceilLog2(config.maxSeqLen());
    int size = ceilDiv(config.hidden(), asked);
    int chunks = ceilDiv(config.hidden(), size);
    return chunks == 1
        ? new Passing()
        : new SegmentMeans(new ShiftedSegmentMeans(config.hidden(), size, chunks - 1));
  }

  private static int ceilLog2(int value) {
    return 32 - Integer.numberOfLeadingZeros(value - 1);
  }

  private static int ceilDiv(int a, int b) {
    return (a + b - 1) / b;
  }

  /**
   * Mixes the positions of a gate.
   *
   * @param layer the number of the layer, which names its state
   * @param gate {@code [b, n, h]}
   * @param position int64 {@code [b]}: the position of the gate's first row
   * @return {@code [b, n, h]}
   */
  Value of(Scope scope, Value gate, int layer, Value position, PastState history);

  /** Whether what comes out may be too large for float16. */
  default boolean outgrowsFloat16() {
    return false;
  }

  /** Means of segments of the past, one for each chunk of features. */
  record SegmentMeans(ShiftedSegmentMeans operator) implements GateMixing {
    /** Where a segment begins, the library divides by 1e-5. */
    @Override
    public boolean outgrowsFloat16() {
      return true;
    }

    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState history) {
      var row = Shape.of(operator.pastRows(), operator.chunk());
      var past = history.past("gate_" + layer, ElementType.FLOAT32, row);
      var result = operator.of(scope, gate, position, past);
      history.present("gate_" + layer, result.present());
      return result.means();
    }
  }

  /**
   * A fading sum of the positions before.
   *
   * <p>The library sums the shifted gate; the sum is shifted here instead, which is the same, and
   * leaves one vector for both to remember.
   */
  record Discounted(float gamma) implements GateMixing {
    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState history) {
      var row = Shape.of(1, gate.dim(2).size());
      var past = history.past("sum_" + layer, ElementType.FLOAT32, row);
      var sums = new DiscountedCumulativeSum(gamma).of(scope, gate, past);
      var result = TokenShift.of(scope, sums, past);
      history.present("sum_" + layer, result.present());
      return result.shifted();
    }
  }

  /** A gate with too few features to be cut: it passes as it is. */
  record Passing() implements GateMixing {
    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState history) {
      return gate;
    }
  }
}
