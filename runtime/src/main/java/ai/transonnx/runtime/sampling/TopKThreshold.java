package ai.transonnx.runtime.sampling;

import ai.transonnx.runtime.TopKCountRounding;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the part {@code 1 - threshold} of the vocabulary with the highest logits: the {@code top_k}
 * of the Python libraries.
 *
 * <pre>{@code
 * new TopKThreshold(0.9, TopKCountRounding.CEIL); // 5 of 50 tokens, as x-transformers
 * new TopKThreshold(0.9, TopKCountRounding.FLOOR); // 4 of 50 tokens, as token-shift-gpt
 * new TopKThreshold(1.1, null); // RequestException
 * }</pre>
 *
 * @param threshold the part that is dropped, from 0 to 1
 * @param rounding how the number is rounded; null for the rounding of the model's library, or
 *     {@code CEIL} if the model does not specify it
 */
public record TopKThreshold(double threshold, @Nullable TopKCountRounding rounding)
    implements Filter {
  /**
   * @throws ai.transonnx.runtime.RequestException if {@code threshold} is not from 0 to 1
   */
  public TopKThreshold {
    Checks.fraction("top-k threshold", threshold);
  }

  @Override
  public void apply(Candidates candidates) {
    var resolved = rounding == null ? TopKCountRounding.CEIL : rounding;
    candidates.keepHighest(resolved.keep(threshold, candidates.vocabulary()));
  }

  /** This filter, with a rounding if it has none. */
  TopKThreshold orRounding(TopKCountRounding other) {
    return rounding == null ? new TopKThreshold(threshold, other) : this;
  }
}
