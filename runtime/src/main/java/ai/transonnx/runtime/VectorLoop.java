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
 * try (var loop = new VectorLoop(model, 1, Map.of(), ContextOverflow.RECOMPUTE)) {
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

  /**
   * A loop that has been fed nothing yet.
   *
   * @param batch how many rows of vectors go side by side
   * @param given what the model takes besides vectors and state: {@code [b, m, ...]}, or nothing
   * @param fullWindow what happens when it has seen as many vectors as it was made for
   * @throws RequestException if {@code batch} is not positive, or the model is made for another, or
   *     takes something else than what is given, or cannot go on beyond its window but is to
   * @throws ModelException if the model does not continue vectors
   */
  public VectorLoop(
      OnnxModel model, int batch, Map<String, Tensor> given, ContextOverflow fullWindow) {
    var ends = LoopContract.vectors(model, batch, given);
    this.batch = batch;
    this.features = (int) ends.input().fixedSize(2).orElseThrow();
    this.loop = new SequenceLoop(model, ends, batch, given, fullWindow);
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
