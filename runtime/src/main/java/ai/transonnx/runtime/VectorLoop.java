package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import java.util.List;

/**
 * Feeds vectors to a model call by call, as {@link TokenLoop} feeds tokens: a {@code
 * ContinuousTransformerWrapper}, from input {@code x} to output {@code out}.
 *
 * <pre>{@code
 * try (var loop = VectorLoop.of(model)) {
 *   var next = new float[loop.features()];
 *   loop.feed(next); // one vector of zeros
 *   loop.output(0, next); // the model's output at that position
 *   loop.feed(next);
 * }
 * }</pre>
 */
public final class VectorLoop extends SequenceLoop {
  private final int features;
  private final ElementType type;

  private VectorLoop(LoopOptions options, LoopContract.SequencePorts ports) {
    super(options, List.of(ports));
    this.features = (int) ports.input().fixedSize(2).orElseThrow();
    this.type = ports.input().type();
  }

  /** A loop over one sequence, of a model without a context: see {@link Builder}. */
  public static VectorLoop of(OnnxModel model) {
    return builder(model).build();
  }

  /** A loop over {@code batch} sequences, of a model without a context: see {@link Builder}. */
  public static VectorLoop of(OnnxModel model, int batch) {
    return builder(model).batch(batch).build();
  }

  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  /** Collects options. */
  public static final class Builder extends LoopBuilder<Builder> {
    private Builder(OnnxModel model) {
      super(model);
    }

    @Override
    Builder self() {
      return this;
    }

    /**
     * A loop that has been fed nothing.
     *
     * @throws RequestException if {@code batch} is not positive or differs from the model's fixed
     *     batch size, an input is unknown or has a wrong shape, or the model cannot slide its
     *     window; a {@link NameException} if an input is missing
     * @throws ModelException if the model has no input {@code x}, or no output {@code out} that can
     *     be its next input
     */
    public VectorLoop build() {
      var options = options();
      return new VectorLoop(
          options, LoopContract.vectors(options.model(), options.batch(), options.inputs()));
    }
  }

  /** Calls {@link #feed(float[], Cancellation)} without a way to cancel it. */
  public void feed(float... vectors) {
    feed(vectors, new Cancellation());
  }

  /**
   * Appends vectors to each row and computes the output at the last. If it fails, the loop is
   * unchanged.
   *
   * @param vectors {@code [b, n, d]}, row-major
   * @throws RequestException if there is no vector, or the rows are not of equal length
   * @throws BusyException if it is the first call and the wait queue is full (see {@link
   *     ModelOptions#runLimit}); or if another thread uses the loop
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if ONNX Runtime fails
   */
  public void feed(float[] vectors, Cancellation cancellation) {
    if (type == ElementType.FLOAT64) {
      feed(doubles(vectors), cancellation);
    } else {
      feed(vectors.length, () -> fed().append(vectors), cancellation);
    }
  }

  /** Calls {@link #feed(double[], Cancellation)} without a way to cancel it. */
  public void feed(double... vectors) {
    feed(vectors, new Cancellation());
  }

  /**
   * As {@link #feed(float[], Cancellation)}, with float64; a float32 model takes them rounded to
   * the nearest float32.
   *
   * @param vectors {@code [b, n, d]}, row-major
   */
  public void feed(double[] vectors, Cancellation cancellation) {
    if (type == ElementType.FLOAT64) {
      feed(vectors.length, () -> fed().append(vectors), cancellation);
    } else {
      feed(Tensor.ofDoubles(vectors, vectors.length).floats(), cancellation);
    }
  }

  private static double[] doubles(float[] values) {
    return Tensor.ofFloats(values, values.length).doubles();
  }

  private void feed(int numbers, Runnable append, Cancellation cancellation) {
    int step = Math.multiplyExact(batch(), features);
    if (numbers == 0 || numbers % step != 0) {
      throw new RequestException(
          "%s floats cannot be divided into %s rows of equal length, 1 or more vectors of %s"
              .formatted(numbers, batch(), features));
    }
    int n = numbers / step;
    lock()
        .run(
            () -> {
              append.run();
              computeAppended(n, cancellation);
            });
  }

  /**
   * Copies the output at the last position of row {@code row}.
   *
   * @param target receives {@link #features} floats; may be longer
   * @throws RequestException if nothing has been fed, there is no such row, or {@code target} is
   *     too short
   */
  public void output(int row, float[] target) {
    lock()
        .run(
            () -> {
              checkFed();
              calls().readLast(row, target);
            });
  }

  /**
   * As {@link #output(int, float[])}, without rounding the outputs of a float64 model.
   *
   * @param target receives {@link #features} numbers; may be longer
   */
  public void output(int row, double[] target) {
    lock()
        .run(
            () -> {
              checkFed();
              calls().readLast(row, target);
            });
  }

  private void checkFed() {
    if (position() == 0) {
      throw new RequestException("there is no output before the first vector is fed");
    }
  }

  /** The type of the model's vectors: float32 or float64. */
  public ElementType type() {
    return type;
  }

  /** The size of a vector. */
  public int features() {
    return features;
  }
}
