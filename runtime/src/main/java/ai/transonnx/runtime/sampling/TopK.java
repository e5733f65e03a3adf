package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.RequestException;

/**
 * Keeps the {@code count} highest logits.
 *
 * @param count 1 or more; more than the vocabulary keeps all
 */
public record TopK(int count) implements Filter {
  /**
   * @throws RequestException if {@code count} is less than 1
   */
  public TopK {
    if (count < 1) {
      throw new RequestException("top-k keeps " + count + " tokens; 1 or more are possible");
    }
  }

  @Override
  public void apply(Candidates candidates) {
    candidates.keepHighest(count);
  }
}
