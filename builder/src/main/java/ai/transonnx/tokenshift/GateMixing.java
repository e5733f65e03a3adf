package ai.transonnx.tokenshift;

import ai.transonnx.architecture.PastState;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.internal.function.DiscountedCumulativeSum;
import ai.transonnx.internal.function.ShiftedSegmentMeans;
import ai.transonnx.internal.function.TokenShift;
import ai.transonnx.op.Scope;

/** Mixes previous positions into the gate of a layer. */
sealed interface GateMixing {
  /** The mixing of a configuration. */
  static GateMixing of(TokenShiftGptConfig config) {
    if (config.useDiscountedCumsum()) {
      return new Discounted(config.discountGamma());
    }
    // Like torch.chunk, round the chunk size up; this may give fewer chunks than requested.
    int requested = ceilLog2(config.maxSeqLen());
    int size = ceilDiv(config.hidden(), requested);
    int chunks = ceilDiv(config.hidden(), size);
    return chunks == 1
        ? new Identity()
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
   * @param layer the index of the layer, which names its state
   * @param gate {@code [b, n, h]}
   * @param position the position of the gate's first row: int64 {@code [b]}
   * @return {@code [b, n, h]}
   */
  Value of(Scope scope, Value gate, int layer, Value position, PastState pastState);

  /** Whether results may exceed the range of float16. */
  default boolean mayOverflowFloat16() {
    return false;
  }

  /** Means over segments of previous positions, one segment length per chunk of features. */
  record SegmentMeans(ShiftedSegmentMeans operator) implements GateMixing {
    /** At the start of a segment, the library divides by 1e-5. */
    @Override
    public boolean mayOverflowFloat16() {
      return true;
    }

    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState pastState) {
      var row = Shape.of(operator.pastRows(), operator.chunk());
      var past = pastState.past("gate_" + layer, scope.wideType(), row);
      var result = operator.of(scope, gate, position, past);
      pastState.present("gate_" + layer, result.present());
      return result.means();
    }
  }

  /**
   * A discounted cumulative sum of previous positions.
   *
   * <p>The library sums the shifted gate. This class shifts the sum instead, which is equivalent
   * and needs only one state vector.
   */
  record Discounted(double gamma) implements GateMixing {
    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState pastState) {
      var row = Shape.of(1, gate.dim(2).size());
      var past = pastState.past("sum_" + layer, scope.wideType(), row);
      var sums = new DiscountedCumulativeSum(gamma).of(scope, gate, past);
      var result = TokenShift.of(scope, sums, past);
      pastState.present("sum_" + layer, result.present());
      return result.shifted();
    }
  }

  /** Returns the gate unchanged, as the library does with a single chunk of features. */
  record Identity() implements GateMixing {
    @Override
    public Value of(Scope scope, Value gate, int layer, Value position, PastState pastState) {
      return gate;
    }
  }
}
