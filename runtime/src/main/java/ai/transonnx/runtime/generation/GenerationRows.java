package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.TokenVocabulary;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.sampling.TokenChooser;
import ai.transonnx.runtime.sampling.TokenSelector;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one generation, from step to step, whatever feeds the model: {@link Generator} does
 * so with this project's runtime.
 *
 * <pre>{@code
 * var options = GenerationOptions.builder(20).greedy().build();
 * var rows = new GenerationRows(1, options, model.tokenRange(), TopKCountRounding.CEIL);
 * try (var loop = TokenLoop.of(model)) {
 *   loop.feed(72, 101); // the prompt
 *   while (rows.continues()) {
 *     long[][] newest = rows.step(loop.vocabulary(), loop::logits);
 *     if (rows.continues()) {
 *       loop.feed(newest[0]);
 *     }
 *   }
 * }
 * rows.result().tokens(0);
 * }</pre>
 */
public final class GenerationRows {
  /** The logits that follow the last token of a row. */
  @FunctionalInterface
  public interface Logits {
    /**
     * Reads them.
     *
     * @param into receives one number a token that is scored
     */
    void read(int row, float[] into);
  }

  private final GenerationOptions options;
  private final TokenVocabulary range;
  private final TopKCountRounding rounding;
  private final TokenSelector selector;
  private final Row[] rows;
  private final long[][] newest;
  private float[] logits = {};
  private @Nullable TokenChooser chooser;
  private int steps;

  /**
   * Rows that nothing has followed yet.
   *
   * @param count how many there are
   * @param range the tokens that the model takes
   * @param rounding how its library rounds a fractional top-k
   */
  public GenerationRows(
      int count, GenerationOptions options, TokenVocabulary range, TopKCountRounding rounding) {
    this.options = options;
    this.range = range;
    this.rounding = rounding;
    this.selector = options.selection().seeded();
    this.rows = Stream.generate(Row::new).limit(count).toArray(Row[]::new);
    this.newest = new long[count][1];
  }

  /** Whether there is another step to make. */
  public boolean continues() {
    return steps < options.length()
        && !options.cancellation().isCancelled()
        && !Stream.of(rows).allMatch(Row::isStopped);
  }

  /**
   * Chooses the next token of each row that has not stopped.
   *
   * @param vocabulary how many tokens are scored
   * @return what is to be fed next, of each row one token; of one that has stopped, any
   * @throws ai.transonnx.runtime.TokenException if there is a next step, for which a token was
   *     chosen that the model scores but does not take
   */
  public long[][] step(int vocabulary, Logits source) {
    if (chooser == null) {
      logits = new float[vocabulary];
      chooser = selector.chooser(vocabulary, rows.length, rounding);
    }
    for (int i = 0; i < rows.length; i++) {
      if (!rows[i].isStopped()) {
        source.read(i, logits);
        long token = chooser.choose(i, logits);
        rows[i].append(token, options.stopTokens().contains(token));
        options.listener().onToken(i, token);
        newest[i][0] = token;
      }
    }
    steps++;
    if (continues()) {
      checkTaken();
    }
    return newest;
  }

  private void checkTaken() {
    for (int i = 0; i < rows.length; i++) {
      if (rows[i].isStopped()) {
        newest[i][0] = 0; // its stop token may be one that is not taken
      } else if (!range.contains(newest[i][0])) {
        throw range.refusal(
            newest[i][0], "row %s, which the model scores but does not take,".formatted(i));
      }
    }
  }

  /** Whether a row has ended with a stop token. */
  public boolean isStopped(int row) {
    return rows[row].isStopped();
  }

  /** The last token of a row that has one. */
  public long last(int row) {
    return rows[row].last();
  }

  /** The seed of the random numbers; empty if nothing is random. */
  public OptionalLong seed() {
    return selector.seed();
  }

  /** What there is so far. */
  public Generation result() {
    var ending =
        steps >= options.length()
            ? FinishReason.LENGTH
            : options.cancellation().isExpired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    return new Generation(
        Stream.of(rows).map(Row::tokens).toList(),
        Stream.of(rows).map(row -> row.isStopped() ? FinishReason.STOP : ending).toList(),
        selector.seed());
  }
}
