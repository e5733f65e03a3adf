package ai.transonnx.runtime;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.Optional;

/**
 * Feeds vectors to a model one call after the other, as {@link TokenLoop} feeds tokens: a {@code
 * ContinuousTransformerWrapper}, from input {@code x} to output {@code out}. It belongs to one
 * thread at a time: another that uses it meanwhile gets a {@link BusyException}. It holds native
 * memory until it is closed, which any thread may do.
 *
 * <pre>{@code
 * try (var loop = VectorLoop.of(model)) {
 *   var next = new float[loop.features()];
 *   loop.feed(next); // one vector of zeros
 *   loop.out(0, next); // what follows the last vector
 *   loop.feed(next);
 * }
 * }</pre>
 */
public final class VectorLoop implements AutoCloseable {
  private final int batch;
  private final int features;
  private final SequenceLoop loop;

  private VectorLoop(Builder builder) {
    var ends = LoopContract.vectors(builder.model, builder.batch, builder.inputs);
    this.batch = builder.batch;
    this.features = (int) ends.input().fixedSize(2).orElseThrow();
    this.loop =
        new SequenceLoop(builder.model, ends, batch, builder.inputs, builder.contextOverflow);
  }

  /** A loop over one sequence, without a context; see {@link Builder#build} for errors. */
  public static VectorLoop of(OnnxModel model) {
    return builder(model).build();
  }

  /**
   * A loop over {@code batch} sequences, without a context; see {@link Builder#build} for errors.
   */
  public static VectorLoop of(OnnxModel model, int batch) {
    return builder(model).batch(batch).build();
  }

  public static Builder builder(OnnxModel model) {
    return new Builder(model);
  }

  /** Collects the options of a loop: by default one sequence, no other inputs, RECOMPUTE. */
  public static final class Builder {
    private final OnnxModel model;
    private int batch = 1;
    private Map<String, Tensor> inputs = Map.of();
    private ContextOverflow contextOverflow = ContextOverflow.RECOMPUTE;

    private Builder(OnnxModel model) {
      this.model = model;
    }

    /** The number of sequences, 1 or more. */
    public Builder batch(int batch) {
      this.batch = batch;
      return this;
    }

    /**
     * The inputs besides vectors and state, such as a context: {@code [b, m, ...]}, the same in all
     * calls.
     */
    public Builder inputs(Map<String, Tensor> inputs) {
      this.inputs = inputs;
      return this;
    }

    /** The behaviour when the context window is full. */
    public Builder contextOverflow(ContextOverflow contextOverflow) {
      this.contextOverflow = contextOverflow;
      return this;
    }

    /**
     * A loop that has been fed nothing.
     *
     * @throws RequestException if {@code batch} is not positive or not the model's fixed batch
     *     size, an input is unknown, or the model cannot slide its window; a {@link NameException}
     *     if an input is missing
     * @throws ModelException if the model does not continue vectors
     */
    public VectorLoop build() {
      return new VectorLoop(this);
    }
  }

  /** Feeds vectors, {@link #feed(float[], Cancellation)}, with no way to end the call early. */
  public void feed(float... vectors) {
    feed(vectors, new Cancellation());
  }

  /**
   * Appends vectors to each row and computes what follows the last. If it fails, the loop is as
   * before.
   *
   * @param vectors [b, n, d], row-major
   * @throws RequestException if there is no vector, or they are not whole and as many in each row
   * @throws BusyException if it is the first call, and as many wait as {@link
   *     ModelOptions#runLimit} allows; or if another thread uses the loop
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if the runtime fails
   */
  public void feed(float[] vectors, Cancellation cancellation) {
    int step = Math.multiplyExact(batch, features);
    if (vectors.length == 0 || vectors.length % step != 0) {
      throw new RequestException(
          "%s numbers are not the same number of vectors of %s, 1 or more, for each of %s rows"
              .formatted(vectors.length, features, batch));
    }
    var bytes =
        ByteBuffer.allocate(Math.multiplyExact(vectors.length, Float.BYTES))
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(vectors);
    loop.guard().run(() -> loop.feed(bytes, vectors.length / step, cancellation));
  }

  /**
   * Reads what follows the last vector of row {@code row}.
   *
   * @param into receives {@link #features} numbers; longer is allowed
   * @throws RequestException if nothing has been fed, or there is no such row, or {@code into} is
   *     too short
   */
  public void out(int row, float[] into) {
    loop.guard()
        .run(
            () -> {
              if (loop.position() == 0) {
                throw new RequestException("nothing follows before the first vector is fed");
              }
              loop.readLast(row, into);
            });
  }

  /** Why all vectors that the model sees were computed anew by a call, once one did. */
  public Optional<String> recomputing() {
    return loop.recomputing();
  }

  /** The numbers of a vector. */
  public int features() {
    return features;
  }

  public int batch() {
    return batch;
  }

  /** How many vectors each row has been fed. */
  public long position() {
    return loop.position();
  }

  /** Goes back to having been fed nothing. */
  public void reset() {
    loop.guard().run(loop::reset);
  }

  /** Goes back, {@link #rewind(long, Cancellation)}, with no way to end the call early. */
  public void rewind(long earlier) {
    rewind(earlier, new Cancellation());
  }

  /**
   * Goes back to an earlier position, by computing again what led there. If it fails, the loop is
   * as before.
   *
   * @throws RequestException if it is not between 0 and {@link #position}, or so far back that what
   *     led there is forgotten
   * @throws CancelledException if {@code cancellation} ends the call
   * @throws ClosedException if the loop or its model is closed
   * @throws RunException if the runtime fails
   */
  public void rewind(long earlier, Cancellation cancellation) {
    loop.guard().run(() -> loop.rewind(earlier, cancellation));
  }

  /** Waits for a call that runs, then frees what the loop holds; a second time has no effect. */
  @Override
  public void close() {
    loop.close();
  }
}
