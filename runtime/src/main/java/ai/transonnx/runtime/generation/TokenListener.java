package ai.transonnx.runtime.generation;

import java.util.List;

/**
 * Receives each new token as soon as it is selected, in the thread that generates. In each step, it
 * is called once for each row that has not stopped, in the order of the rows. To stop early and
 * keep the tokens, call {@link ai.transonnx.runtime.Cancellation#cancel}; an exception that a
 * listener throws ends the generation without a result.
 */
@FunctionalInterface
public interface TokenListener {
  /** Receives a new token of a row. */
  void onToken(int row, long token);

  /**
   * Receives the log-probabilities of a new token, before {@link #onToken}, if the options request
   * them.
   *
   * @param selected that of the new token
   * @param most those of the most likely tokens, the likeliest first: {@link
   *     GenerationOptions#logProbabilities} of them
   */
  default void onLogProbabilities(
      int row, TokenLogProbability selected, List<TokenLogProbability> most) {}

  /**
   * Receives new text of a row, if the request has a tokenizer: whole characters, as soon as it is
   * certain that they are not part of a stop text. It is called after {@link #onToken}, and once
   * more for the rest when the row ends; never with an empty text.
   */
  default void onText(int row, String text) {}

  /**
   * Receives the number that a new token of a row stands for, after {@link #onToken}, if the token
   * is the model's number token.
   */
  default void onNumber(int row, double number) {}

  /**
   * Called once when the generation begins to recompute the whole context window for each token,
   * which costs as much as a prompt of that length.
   *
   * @param reason such as {@code its context window of 256 positions is full}
   */
  default void onRecomputing(String reason) {}
}
