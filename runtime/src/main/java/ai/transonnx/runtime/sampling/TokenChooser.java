package ai.transonnx.runtime.sampling;

/** Chooses tokens, one row after the other; it belongs to one thread at a time. */
@FunctionalInterface
public interface TokenChooser {
  /**
   * The token that follows.
   *
   * @param row which row of the batch
   * @param logits one a token of the vocabulary; used as working space, so changed
   * @throws ai.transonnx.runtime.RunException if the logits are not numbers
   */
  int choose(int row, float[] logits);
}
