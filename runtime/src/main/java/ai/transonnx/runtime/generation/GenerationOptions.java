package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.sampling.Greedy;
import ai.transonnx.runtime.sampling.Sampling;
import ai.transonnx.runtime.sampling.TokenSelector;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The length of a generation and the selection of its tokens. Immutable: any number of generations,
 * in any thread, may use the same options.
 *
 * <pre>{@code
 * GenerationOptions.builder(100).greedy().stopTokens(Set.of(10L)).build();
 * GenerationOptions.builder(100)
 *     .selector(Sampling.builder().temperature(0.8).seed(7).build())
 *     .build();
 * GenerationOptions.builder(-1).build(); // RequestException
 * }</pre>
 */
public final class GenerationOptions {
  private static final int MAX_BEAMS = 1000;
  private static final int MAX_LOG_PROBABILITIES = 1000;

  private final int length;
  private final TokenSelector selector;
  private final Set<Long> stopTokens;
  private final List<String> stopTexts;
  private final ContextOverflow contextOverflow;
  private final OptionalInt beams;
  private final OptionalInt logProbabilities;

  private GenerationOptions(Builder builder) {
    this.length = builder.length;
    this.selector = builder.selector;
    this.stopTokens = builder.stopTokens;
    this.stopTexts = builder.stopTexts;
    this.contextOverflow = builder.contextOverflow;
    this.beams = builder.beams;
    this.logProbabilities = builder.logProbabilities;
  }

  /** Options for at most {@code length} new tokens per row. */
  public static Builder builder(int length) {
    return new Builder(length);
  }

  /** The maximum number of new tokens per row, 0 or more. */
  public int length() {
    return length;
  }

  /** How each token is selected. */
  public TokenSelector selector() {
    return selector;
  }

  /**
   * The tokens that end their row; a stop token is the row's last token. Those in a prompt end
   * nothing, since many models begin or separate texts with such a token. The generators of some
   * libraries, such as x-transformers with {@code eos_token}, end a row whose prompt has one after
   * one new token.
   */
  public Set<Long> stopTokens() {
    return stopTokens;
  }

  /**
   * The texts that end their row, in which they may begin and end within a token. The row's text
   * ends before the stop text; its last token is the one that completes it. Only new text counts,
   * not that of the prompt.
   */
  public List<String> stopTexts() {
    return stopTexts;
  }

  /** The behaviour when the context window is full. */
  public ContextOverflow contextOverflow() {
    return contextOverflow;
  }

  /** The number of continuations that a beam search keeps; empty for no beam search. */
  public OptionalInt beams() {
    return beams;
  }

  /** The number of most likely tokens that listeners receive for each token; empty for none. */
  public OptionalInt logProbabilities() {
    return logProbabilities;
  }

  /**
   * The stop tokens, with those whose text is a stop text.
   *
   * @param tokenizer null if there is no text
   */
  Set<Long> stopTokens(@Nullable Tokenizer tokenizer) {
    var tokens = new HashSet<>(stopTokens);
    if (tokenizer != null) {
      for (String text : stopTexts) {
        var token = tokenizer.specialTokens().get(text);
        if (token != null) {
          tokens.add(token);
        }
      }
    }
    return tokens;
  }

  /** These options; if they sample, without filters if none was set. */
  GenerationOptions withoutDefaultFilter() {
    return selector instanceof Sampling sampling
        ? new GenerationOptions(toBuilder().selector(sampling.withoutDefaultFilter()))
        : this;
  }

  private Builder toBuilder() {
    var builder =
        builder(length)
            .selector(selector)
            .stopTokens(stopTokens)
            .stopTexts(stopTexts)
            .contextOverflow(contextOverflow);
    builder.beams = beams;
    builder.logProbabilities = logProbabilities;
    return builder;
  }

  /** Such as {@code GenerationOptions[length=20, selector=Greedy[], ...]}. */
  @Override
  public String toString() {
    return "GenerationOptions[length=%s, selector=%s, stopTokens=%s, stopTexts=%s, contextOverflow=%s, beams=%s, logProbabilities=%s]"
        .formatted(
            length,
            selector,
            stopTokens,
            stopTexts,
            contextOverflow,
            beams.isPresent() ? beams.getAsInt() : "none",
            logProbabilities.isPresent() ? logProbabilities.getAsInt() : "none");
  }

  /**
   * Collects options. The defaults are {@link Sampling} with its own defaults, no stop tokens or
   * texts, {@link ContextOverflow#RECOMPUTE}, and no beam search.
   */
  public static final class Builder {
    private final int length;
    private TokenSelector selector = Sampling.builder().build();
    private Set<Long> stopTokens = Set.of();
    private List<String> stopTexts = List.of();
    private ContextOverflow contextOverflow = ContextOverflow.RECOMPUTE;
    private OptionalInt beams = OptionalInt.empty();
    private OptionalInt logProbabilities = OptionalInt.empty();

    private Builder(int length) {
      this.length = length;
    }

    /** Sets how each token is selected. */
    public Builder selector(TokenSelector selector) {
      this.selector = selector;
      return this;
    }

    /** Selects the most likely token at each step. */
    public Builder greedy() {
      return selector(new Greedy());
    }

    /** Sets the tokens that end their row. */
    public Builder stopTokens(Set<Long> stopTokens) {
      this.stopTokens = Set.copyOf(stopTokens);
      return this;
    }

    /**
     * Sets the texts that end their row. The request needs a tokenizer then. A text that is that of
     * one of its special tokens, such as {@code </s>}, stands for that token.
     */
    public Builder stopTexts(List<String> stopTexts) {
      this.stopTexts = List.copyOf(stopTexts);
      return this;
    }

    /** Sets the behaviour when the context window is full. */
    public Builder contextOverflow(ContextOverflow contextOverflow) {
      this.contextOverflow = contextOverflow;
      return this;
    }

    /**
     * Requests a beam search: {@code beam_search} of x-transformers since 2.4.10. Of each prompt,
     * the {@code beams} continuations with the highest {@linkplain Beam#score scores} are kept. In
     * each step, a continuation is extended with the most likely tokens, if the selector is greedy.
     * If it samples, it is extended with tokens drawn without replacement, from those that its
     * filters keep (a stochastic beam search, Kool et al., 2019); without filters of its own it has
     * none, instead of the default. A continuation with a stop token or stop text keeps its score,
     * and is not extended.
     *
     * @param beams 1 to 1,000
     */
    public Builder beams(int beams) {
      this.beams = OptionalInt.of(beams);
      return this;
    }

    /**
     * Computes log-probabilities, for {@link TokenListener#onLogProbabilities}. A beam search has
     * none: {@link Beam#score} has those of its tokens.
     *
     * @param most how many of the most likely tokens of each step are reported besides the selected
     *     one, 0 to 1,000
     */
    public Builder logProbabilities(int most) {
      this.logProbabilities = OptionalInt.of(most);
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws RequestException if {@code length} or a stop token is negative, a stop text is empty,
     *     the number of beams or of log-probabilities is out of range, or both are set
     */
    public GenerationOptions build() {
      if (length < 0) {
        throw new RequestException("length is " + length + "; it must be 0 or more");
      }
      if (beams.isPresent() && (beams.getAsInt() < 1 || beams.getAsInt() > MAX_BEAMS)) {
        throw new RequestException(
            "beams is %s; 1 to %s are possible".formatted(beams.getAsInt(), MAX_BEAMS));
      }
      checkLogProbabilities();
      for (long token : stopTokens) {
        if (token < 0) {
          throw new RequestException("stop token " + token + " is negative");
        }
      }
      if (stopTexts.contains("")) {
        throw new RequestException("a stop text is empty");
      }
      return new GenerationOptions(this);
    }

    private void checkLogProbabilities() {
      if (logProbabilities.isEmpty()) {
        return;
      }
      int most = logProbabilities.getAsInt();
      if (most < 0 || most > MAX_LOG_PROBABILITIES) {
        throw new RequestException(
            "logProbabilities is %s; 0 to %s are possible".formatted(most, MAX_LOG_PROBABILITIES));
      }
      if (beams.isPresent()) {
        throw new RequestException("a beam search has no log-probabilities of single tokens");
      }
    }
  }
}
