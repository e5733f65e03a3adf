package ai.transonnx.runtime.sampling;

/** Chooses the tokens with which a beam search continues a text. For one thread. */
@FunctionalInterface
public interface BeamChooser {
  /**
   * The candidates for the next token of a text.
   *
   * @param prompt the index of the text's prompt
   * @param logits one for each token of the vocabulary; may be changed
   * @param count the largest number of candidates
   * @return different tokens
   * @throws ai.transonnx.runtime.RunException if a logit is not a number
   */
  int[] choose(int prompt, float[] logits, int count);
}
