package ai.transonnx.djl;

import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRows;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/** New tokens, step by step, from a loop that has been fed the prompts. */
final class Continuation {
  private final BlockLoop loop;
  private final GenerationRows rows;
  private long[][] next = {};

  Continuation(BlockLoop loop, ModelDescription model, GenerationOptions options, int rows) {
    var rounding = model.metadata().topKRounding().orElse(TopKCountRounding.CEIL);
    this.loop = loop;
    this.rows =
        GenerationRows.builder(options)
            .count(rows)
            .vocabulary(model.sequenceTokens())
            .topKRounding(rounding)
            .build();
  }

  /** Makes a step, unless all rows have ended. */
  boolean step() {
    if (!rows.continues()) {
      return false;
    }
    if (next.length > 0) {
      loop.feed(next);
    }
    next = rows.step(loop.vocabulary(), loop::logits);
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

  /** The generation of all remaining tokens. */
  Generation finish() {
    while (step()) {}
    return rows.result();
  }

  /** All new tokens of each row, without the stop tokens. */
  long[][] rest() {
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
}
