package ai.transonnx.djl;

import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRows;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * Generates tokens step by step, with a session that has been fed the prompts and that it owns. For
 * one thread.
 */
final class TokenGenerator implements AutoCloseable {
  private final DecodingSession session;
  private final GenerationRows rows;
  private long[][] next = {};

  TokenGenerator(
      DecodingSession session, ModelDescription model, GenerationOptions options, int rows) {
    var rounding = model.metadata().topKRounding().orElse(TopKCountRounding.CEIL);
    this.session = session;
    this.rows =
        GenerationRows.builder(options)
            .count(rows)
            .vocabulary(model.decoderVocabulary())
            .topKRounding(rounding)
            .build();
  }

  /** Selects the next token of each row; returns false if all rows have ended. */
  boolean step() {
    if (!rows.continues()) {
      return false;
    }
    if (next.length > 0) {
      session.feed(next);
    }
    next = rows.step(session.vocabulary(), session::logits);
    return true;
  }

  /** Whether a row has ended with a stop token. */
  boolean isStopped(int row) {
    return rows.isStopped(row);
  }

  /** The seed of the random numbers; empty if nothing is random. */
  OptionalLong seed() {
    return rows.seed();
  }

  /** The last token of a row. */
  long last(int row) {
    return rows.last(row);
  }

  /** Makes all remaining steps, closes the session, and returns the result. */
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

  /** Closes the session. */
  @Override
  public void close() {
    session.close();
  }
}
