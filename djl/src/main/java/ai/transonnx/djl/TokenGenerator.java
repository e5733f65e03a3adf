package ai.transonnx.djl;

import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRows;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Generates tokens step by step, with sessions that have been fed the prompts and that it owns. For
 * one thread.
 */
final class TokenGenerator implements AutoCloseable {
  private final SessionBatch sessions;
  private final GenerationRows rows;
  private final StringBuilder newText = new StringBuilder();
  private long[][] next = {};

  /**
   * A generation that continues tokens.
   *
   * @param tokenizer decodes the new tokens; null if no text is needed
   * @param fed the tokens that each row has been fed
   */
  TokenGenerator(
      SessionBatch sessions,
      ModelDescription model,
      GenerationOptions options,
      @Nullable Tokenizer tokenizer,
      long[][] fed) {
    var rounding = model.metadata().topKRounding().orElse(TopKCountRounding.CEIL);
    this.sessions = sessions;
    var builder =
        GenerationRows.builder(options)
            .count(fed.length)
            .vocabulary(model.decoderVocabulary())
            .topKRounding(rounding)
            .listener(new FirstRow());
    if (tokenizer != null) {
      builder.text(tokenizer, fed);
    }
    this.rows = builder.build();
  }

  /** Collects the text of the first row. */
  private final class FirstRow implements TokenListener {
    @Override
    public void onToken(int row, long token) {}

    @Override
    public void onText(int row, String text) {
      if (row == 0) {
        newText.append(text);
      }
    }
  }

  /** The text of the first row that has become certain since the last call. */
  String newText() {
    String text = newText.toString();
    newText.setLength(0);
    return text;
  }

  /** Selects the next token of each row; returns false if all rows have ended. */
  boolean step() {
    if (!rows.continues()) {
      return false;
    }
    if (next.length > 0) {
      sessions.feed(next);
    }
    next = rows.step(sessions.vocabulary(), sessions::logits);
    return true;
  }

  /** The seed of the random numbers; empty if nothing is random. */
  OptionalLong seed() {
    return rows.seed();
  }

  /** Makes all remaining steps, closes the sessions, and returns the result. */
  Generation finish() {
    try {
      while (step()) {}
      return rows.result();
    } finally {
      close();
    }
  }

  /** As {@link #finish}, but returns the tokens of each row without stop tokens. */
  long[][] tokens() {
    var generation = finish();
    return IntStream.range(0, generation.rows())
        .mapToObj(row -> withoutStop(generation, row))
        .toArray(long[][]::new);
  }

  private static long[] withoutStop(Generation generation, int row) {
    var tokens = generation.tokens(row);
    boolean stops = generation.finishReason(row) == FinishReason.STOP;
    return Arrays.copyOf(tokens, tokens.length - (stops ? 1 : 0));
  }

  /** Closes the sessions. */
  @Override
  public void close() {
    sessions.close();
  }
}
