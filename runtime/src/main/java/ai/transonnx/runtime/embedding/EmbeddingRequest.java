package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.Cancellation;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

/** A request of an {@link EmbeddingScheduler}. Its vectors are for the thread that computes. */
final class EmbeddingRequest {
  private final long[][] sequences;
  private final Cancellation cancellation;
  private final float[][] vectors;
  private final long start = System.nanoTime();
  private final CompletableFuture<float[][]> future = new CompletableFuture<>();
  private int missing;

  /** One of the sequences. */
  record Row(EmbeddingRequest request, int index) {
    long[] tokens() {
      return request.sequences[index];
    }
  }

  /** A request of one or more sequences. */
  EmbeddingRequest(long[][] sequences, Cancellation cancellation) {
    this.sequences = sequences;
    this.cancellation = cancellation;
    this.vectors = new float[sequences.length][];
    this.missing = sequences.length;
  }

  int size() {
    return sequences.length;
  }

  Row row(int index) {
    return new Row(this, index);
  }

  Cancellation cancellation() {
    return cancellation;
  }

  /** Completed by the thread that computes. */
  CompletableFuture<float[][]> future() {
    return future;
  }

  long tokens() {
    return Arrays.stream(sequences).mapToLong(sequence -> sequence.length).sum();
  }

  /** The time since the request was submitted. */
  Duration age() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Adds the vector of a sequence; returns whether none is missing. */
  boolean add(int index, float[] vector) {
    vectors[index] = vector;
    missing--;
    return missing == 0;
  }

  float[][] vectors() {
    return vectors;
  }
}
