package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.Set;

/**
 * What to generate.
 *
 * <pre>{@code
 * GenerationOptions.builder(100).greedy().stopTokens(Set.of(10L)).build();
 * GenerationOptions.builder(-1).build(); // RequestException
 * }</pre>
 *
 * @param length the most new tokens in a row, 0 or more
 * @param selection how each is chosen
 * @param stopTokens tokens that end their row; they stay its last token
 * @param listener told each new token
 * @param fullWindow what happens when the model has seen as many tokens as it was made for
 * @param cancellation a way to end the generation early; once it has ended, these options generate
 *     nothing more
 */
public record GenerationOptions(
    int length,
    TokenSelector selection,
    Set<Long> stopTokens,
    TokenListener listener,
    ContextOverflow fullWindow,
    Cancellation cancellation) {
  /**
   * @throws RequestException if {@code length} or a stop token is negative
   */
  public GenerationOptions {
    if (length < 0) {
      throw new RequestException("length is " + length + "; 0 or more tokens are possible");
    }
    stopTokens = Set.copyOf(stopTokens);
    for (long token : stopTokens) {
      if (token < 0) {
        throw new RequestException("stop token " + token + " is negative");
      }
    }
  }

  /** Options for at most {@code length} new tokens, sampled as {@link Sampling.Builder} says. */
  public static Builder builder(int length) {
    return new Builder(length);
  }

  /** Collects options. */
  public static final class Builder {
    private final int length;
    private TokenSelector selection = Sampling.builder().build();
    private Set<Long> stopTokens = Set.of();
    private TokenListener listener = (row, token) -> {};
    private ContextOverflow fullWindow = ContextOverflow.RECOMPUTE;
    private Cancellation cancellation = new Cancellation();

    private Builder(int length) {
      this.length = length;
    }

    public Builder selection(TokenSelector selection) {
      this.selection = selection;
      return this;
    }

    public Builder greedy() {
      return selection(new Greedy());
    }

    public Builder stopTokens(Set<Long> stopTokens) {
      this.stopTokens = stopTokens;
      return this;
    }

    public Builder listener(TokenListener listener) {
      this.listener = listener;
      return this;
    }

    public Builder fullWindow(ContextOverflow fullWindow) {
      this.fullWindow = fullWindow;
      return this;
    }

    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = cancellation;
      return this;
    }

    public GenerationOptions build() {
      return new GenerationOptions(
          length, selection, stopTokens, listener, fullWindow, cancellation);
    }
  }
}
