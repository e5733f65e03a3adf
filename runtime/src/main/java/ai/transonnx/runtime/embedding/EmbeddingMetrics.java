package ai.transonnx.runtime.embedding;

import java.time.Duration;

/**
 * Receives the measurements of an {@link EmbeddingScheduler}, for any metrics library. All methods
 * but {@link #onRejected} are called by the thread that computes, so they must be short and not
 * wait; an exception is logged and has no other effect.
 */
public interface EmbeddingMetrics {
  /**
   * The model was called.
   *
   * @param rows the number of sequences that shared the call
   * @param positions the number of their positions, with padding
   */
  default void onCall(int rows, long positions, Duration time) {}

  /**
   * All vectors of a request were computed.
   *
   * @param sequences the number of its sequences
   * @param tokens the number of their tokens
   * @param time since it was submitted
   */
  default void onFinished(int sequences, long tokens, Duration time) {}

  /**
   * A request ended without its vectors.
   *
   * @param failure a {@link ai.transonnx.runtime.CancelledException} if it was cancelled, a {@link
   *     ai.transonnx.runtime.DeadlineException} if it took too long
   */
  default void onFailed(int sequences, Throwable failure) {}

  /** A request was refused because too many wait; called by the thread that submitted it. */
  default void onRejected(int sequences) {}
}
