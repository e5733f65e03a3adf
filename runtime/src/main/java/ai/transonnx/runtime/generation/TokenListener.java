package ai.transonnx.runtime.generation;

/**
 * Told each new token as soon as it is chosen, in the thread that generates. Within a step the rows
 * come in their order; a row that has stopped comes no more. What it throws ends the generation.
 */
@FunctionalInterface
public interface TokenListener {
  void onToken(int row, long token);

  /**
   * Told once when steps begin to compute all that the model sees anew, at the cost of a prompt.
   *
   * @param reason such as {@code its context window of 256 positions is full}
   */
  default void onRecomputing(String reason) {}
}
