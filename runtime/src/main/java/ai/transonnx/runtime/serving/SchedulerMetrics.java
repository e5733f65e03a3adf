package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.generation.FinishReason;
import java.time.Duration;

/**
 * Receives the measurements of a {@link GenerationScheduler}, for any metrics library. All methods
 * but {@link #onRejected} are called by the thread that computes, so they must be short and not
 * wait; an exception is logged and has no other effect.
 */
public interface SchedulerMetrics {
  /**
   * One round of the scheduler: a decode step of all rows, and a chunk of a prompt.
   *
   * @param decoded the number of rows in the decode step, 0 if there was none
   * @param prefilled the number of tokens in the chunk, 0 if there was none
   * @param waiting the number of requests in the queue
   * @param time of both
   */
  default void onStep(int decoded, int prefilled, int waiting, Duration time) {}

  /** A request got its first token, {@code time} after it was submitted. */
  default void onFirstToken(Duration time) {}

  /** A request got another token, {@code time} after the one before. */
  default void onToken(Duration time) {}

  /** The first {@code tokens} tokens of a prompt came from a kept state. */
  default void onPrefixReused(int tokens) {}

  /**
   * A request ended.
   *
   * @param promptTokens the number of tokens in the prompt
   * @param newTokens the number of new tokens
   * @param time since it was submitted
   */
  default void onFinished(FinishReason reason, int promptTokens, int newTokens, Duration time) {}

  /** A request failed. */
  default void onFailed(Throwable failure) {}

  /** A request was refused because the queue is full; called by the thread that submitted it. */
  default void onRejected() {}
}
