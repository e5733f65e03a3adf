package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.sampling.TokenChooser;
import ai.transonnx.runtime.sampling.TokenSelector;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
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

  private final GenerationOptions options;
  private final TokenVocabulary vocabulary;
  private final TopKCountRounding rounding;
  private final TokenListener listener;
  private final Cancellation cancellation;
  private final TokenSelector selector;
  private final Set<Long> stopTokens;
  private final GeneratedRow[] rows;
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
    this.stopTokens = options.stopTokens(builder.tokenizer);
    this.rows = builder.texts().map(GeneratedRow::new).toArray(GeneratedRow[]::new);
    this.next = new long[builder.count][1];
  }

  public static Builder builder(GenerationOptions options) {
    return new Builder(options);
  }

  /** Whether there is another step. */
  public boolean continues() {
    return steps < options.length()
        && !cancellation.isCancelled()
        && !Stream.of(rows).allMatch(GeneratedRow::isStopped);
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
      if (!rows[i].isStopped()) {
        source.read(i, logits);
        long token = choose(chooser, i);
        String text = rows[i].append(token, stopTokens.contains(token));
        listener.onToken(i, token);
        release(i, text);
        next[i][0] = token;
      }
    }
    steps++;
    if (steps >= options.length()) {
      endTexts();
    }
    if (continues()) {
      checkNext();
    }
    return next;
  }

  private long choose(TokenChooser chooser, int row) {
    var most = options.logProbabilities();
    if (most.isEmpty()) {
      return chooser.choose(row, logits);
    }
    var probabilities = new LogProbabilities(logits);
    long token = chooser.choose(row, logits);
    listener.onLogProbabilities(
        row, probabilities.of(token), probabilities.highest(most.getAsInt()));
    return token;
  }

  private void release(int row, String text) {
    if (!text.isEmpty()) {
      listener.onText(row, text);
    }
  }

  private void endTexts() {
    for (int i = 0; i < rows.length; i++) {
      release(i, rows[i].end());
    }
  }

  private void checkNext() {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].isStopped()) {
        next[i][0] = 0; // The model may have no embedding of the stop token.
      } else if (!vocabulary.contains(next[i][0])) {
        throw vocabulary.refusal(
            next[i][0], "row %s, which has a logit but no embedding,".formatted(i));
      }
    }
  }

  /** Whether a row has ended with a stop token or a stop text. */
  public boolean isStopped(int row) {
    return rows[row].isStopped();
  }

  /** The last new token of a row; at least one step has been made. */
  public long last(int row) {
    return rows[row].last();
  }

  /** The seed of the random numbers; empty if nothing is random. */
  public OptionalLong seed() {
    return selector.seed();
  }

  /**
   * Ends the generation. Listeners receive the rest of the texts.
   *
   * @return the tokens generated so far, and their text
   */
  public Generation result() {
    endTexts();
    var ending =
        steps >= options.length()
            ? FinishReason.LENGTH
            : cancellation.isExpired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    return new Generation(
        Stream.of(rows).map(GeneratedRow::tokens).toList(),
        Stream.of(rows).map(row -> row.isStopped() ? FinishReason.STOP : ending).toList(),
        Stream.of(rows).flatMap(row -> row.text().stream()).toList(),
        selector.seed());
  }

  /** Collects options: by default one row, any token, CEIL, no text, listener or cancellation. */
  public static final class Builder {
    private final GenerationOptions options;
    private int count = 1;
    private TokenVocabulary vocabulary = new TokenVocabulary(OptionalInt.empty());
    private TopKCountRounding rounding = TopKCountRounding.CEIL;
    private TokenListener listener = (row, token) -> {};
    private Cancellation cancellation = new Cancellation();
    private @Nullable Tokenizer tokenizer;
    private List<long[]> prompts = List.of();

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

    /**
     * Sets the decoder of the new tokens.
     *
     * @param prompts the tokens of each row to which its text is the continuation
     */
    public Builder text(Tokenizer tokenizer, long[][] prompts) {
      this.tokenizer = tokenizer;
      this.prompts = Stream.of(prompts).map(long[]::clone).toList();
      return count(prompts.length);
    }

    private Stream<@Nullable RowText> texts() {
      var used = tokenizer;
      if (used == null) {
        return Stream.<@Nullable RowText>generate(() -> null).limit(count);
      }
      return prompts.stream().map(prompt -> new RowText(used.decoder(prompt), options.stopTexts()));
    }

    /**
     * Builds rows without tokens.
     *
     * @throws RequestException if the options request a beam search, which {@link Generator} makes
     */
    public GenerationRows build() {
      if (options.beams().isPresent()) {
        throw new RequestException("a beam search needs a Generator; remove the beams");
      }
      return new GenerationRows(this);
    }
  }
}
