package ai.transonnx.runtime.sampling;

/** Chooses the next tokens of the rows of one generation. For one thread. */
@FunctionalInterface
public interface TokenChooser {
  /**
   * The next token of a row.
   *
   * @param row the index of the row in the batch
   * @param logits one for each token of the vocabulary; may be changed
   * @throws ai.transonnx.runtime.RunException if a logit is not a number
   */
  int choose(int row, float[] logits);
}
