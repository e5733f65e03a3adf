package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.sampling.TokenChooser;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one generation: selects each row's next token from logits, whatever computes them.
 * {@link Generator} uses it with this project's runtime. For one thread.
 *
 * <pre>{@code
 * var options = GenerationOptions.builder(20).greedy().build();
 * var rows = GenerationRows.builder(options).vocabulary(model.inputVocabulary()).build();
 * try (var loop = TokenLoop.of(model)) {
 *   loop.feed(72, 101); // the prompt
 *   while (rows.continues()) {
 *     long[][] next = rows.step(loop.vocabulary(), loop::logits);
 *     if (rows.continues()) {
 *       loop.feed(next[0]);
 *     }
 *   }
 * }
 * rows.result().tokens(0);
 * }</pre>
 */
public final class GenerationRows {
  /** The source of the logits for the next token of a row. */
  @FunctionalInterface
  public interface Logits {
    /**
     * Reads the logits of a row.
     *
     * @param into receives one logit per token of the vocabulary
     */
    void read(int row, float[] into);
  }

  /** The new tokens of one row. */
  private static final class Row {
    private long[] tokens = new long[16];
    private int length;
    private boolean stopped;

    void append(long token, boolean stops) {
      if (length == tokens.length) {
        tokens = Arrays.copyOf(tokens, 2 * length);
      }
      tokens[length++] = token;
      stopped = stops;
    }
  }

  private final GenerationOptions options;
  private final TokenVocabulary vocabulary;
  private final TopKCountRounding rounding;
  private final TokenListener listener;
  private final Cancellation cancellation;
  private final TokenSelector selector;
  private final Row[] rows;
  private final long[][] next;
  private float[] logits = {};
  private @Nullable TokenChooser chooser;
  private int steps;

  private GenerationRows(Builder builder) {
    this.options = builder.options;
    this.vocabulary = builder.vocabulary;
    this.rounding = builder.rounding;
    this.listener = builder.listener;
    this.cancellation = builder.cancellation;
    this.selector = options.selector().seeded();
    this.rows = Stream.generate(Row::new).limit(builder.count).toArray(Row[]::new);
    this.next = new long[builder.count][1];
  }

  public static Builder builder(GenerationOptions options) {
    return new Builder(options);
  }

  /** Whether there is another step. */
  public boolean continues() {
    return steps < options.length()
        && !cancellation.isCancelled()
        && !Stream.of(rows).allMatch(row -> row.stopped);
  }

  /**
   * Selects the next token of each row that has not stopped.
   *
   * @param scored the number of logits per row
   * @return [b, 1], the token to feed next for each row; for a stopped row, any token
   * @throws ai.transonnx.runtime.TokenException if there is a next step and the model has a logit
   *     but no embedding for a selected token
   */
  public long[][] step(int scored, Logits source) {
    if (chooser == null) {
      logits = new float[scored];
      chooser = selector.chooser(scored, rows.length, rounding);
    }
    for (int i = 0; i < rows.length; i++) {
      if (!rows[i].stopped) {
        source.read(i, logits);
        long token = chooser.choose(i, logits);
        rows[i].append(token, options.stopTokens().contains(token));
        listener.onToken(i, token);
        next[i][0] = token;
      }
    }
    steps++;
    if (continues()) {
      checkNext();
    }
    return next;
  }

  private void checkNext() {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].stopped) {
        next[i][0] = 0; // The model may have no embedding of the stop token.
      } else if (!vocabulary.contains(next[i][0])) {
        throw vocabulary.refusal(
            next[i][0], "row %s, which has a logit but no embedding,".formatted(i));
      }
    }
  }

  /** Whether a row has ended with a stop token. */
  public boolean isStopped(int row) {
    return rows[row].stopped;
  }

  /** The last new token of a row; at least one step has been made. */
  public long last(int row) {
    return rows[row].tokens[rows[row].length - 1];
  }

  /** The seed of the random numbers; empty if nothing is random. */
  public OptionalLong seed() {
    return selector.seed();
  }

  /** The tokens generated so far. */
  public Generation result() {
    var ending =
        steps >= options.length()
            ? FinishReason.LENGTH
            : cancellation.isExpired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    return new Generation(
        Stream.of(rows).map(row -> Arrays.copyOf(row.tokens, row.length)).toList(),
        Stream.of(rows).map(row -> row.stopped ? FinishReason.STOP : ending).toList(),
        selector.seed());
  }

  /** Collects options: by default one row, any token, CEIL, no listener, and no cancellation. */
  public static final class Builder {
    private final GenerationOptions options;
    private int count = 1;
    private TokenVocabulary vocabulary = new TokenVocabulary(OptionalInt.empty());
    private TopKCountRounding rounding = TopKCountRounding.CEIL;
    private TokenListener listener = (row, token) -> {};
    private Cancellation cancellation = new Cancellation();

    private Builder(GenerationOptions options) {
      this.options = options;
    }

    /** Sets the number of rows. */
    public Builder count(int count) {
      this.count = count;
      return this;
    }

    /** Sets the tokens that the model has embeddings of. */
    public Builder vocabulary(TokenVocabulary vocabulary) {
      this.vocabulary = vocabulary;
      return this;
    }

    /** Sets how the model's library rounds a fractional top-k. */
    public Builder topKRounding(TopKCountRounding rounding) {
      this.rounding = rounding;
      return this;
    }

    /** Sets the receiver of each new token. */
    public Builder listener(TokenListener listener) {
      this.listener = listener;
      return this;
    }

    /** Sets a way to end the generation early. */
    public Builder cancellation(Cancellation cancellation) {
      this.cancellation = cancellation;
      return this;
    }

    /** Builds rows without tokens. */
    public GenerationRows build() {
      return new GenerationRows(this);
    }
  }
}
