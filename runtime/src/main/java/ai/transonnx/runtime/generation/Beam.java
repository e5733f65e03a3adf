package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;

/** One of the continuations that a beam search kept. Immutable; threads may share it. */
public final class Beam {
  private final long[] tokens;
  private final double score;
  private final FinishReason finishReason;
  private final Optional<String> text;

  Beam(long[] tokens, double score, FinishReason finishReason, Optional<String> text) {
    this.tokens = tokens.clone();
    this.score = score;
    this.finishReason = finishReason;
    this.text = text;
  }

  /** The new tokens, without the prompt. */
  public long[] tokens() {
    return tokens.clone();
  }

  /**
   * The natural logarithm of the probability that the model assigns to the tokens after the prompt:
   * the sum over all tokens, not divided by their number.
   */
  public double score() {
    return score;
  }

  /** The reason why the continuation ended. */
  public FinishReason finishReason() {
    return finishReason;
  }

  /**
   * The new text, as {@link Generation#text}.
   *
   * @throws RequestException if the request had no tokenizer
   */
  public String text() {
    return text.orElseThrow(
        () -> new RequestException("the generation has no text: its request had no tokenizer"));
  }

  Stream<String> textIfAny() {
    return text.stream();
  }

  /** Such as {@code Beam[-1.25 LENGTH [4, 8]]}. */
  @Override
  public String toString() {
    return "Beam[%s %s %s]".formatted(score, finishReason, Arrays.toString(tokens));
  }
}
