package ai.transonnx.djl;

import ai.transonnx.runtime.TokenRange;
import ai.transonnx.runtime.TopKRounding;
import ai.transonnx.runtime.sampling.TokenChooser;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** New tokens, step by step, from a loop that has been fed the prompts. */
final class Continuation {
  private final BlockLoop loop;
  private final GenerationSettings settings;
  private final TokenRange range;
  private final TopKRounding rounding;
  private final int rows;
  private final boolean[] stopped;
  private @Nullable TokenChooser chooser;
  private int steps;

  Continuation(BlockLoop loop, ModelDescription model, GenerationSettings settings, int rows) {
    this.loop = loop;
    this.settings = settings;
    this.range = model.sequenceTokens();
    this.rounding = model.metadata().topKRounding().orElse(TopKRounding.CEIL);
    this.rows = rows;
    this.stopped = new boolean[rows];
  }

  /**
   * The next token of each row, or null if all have ended; a row that has ended repeats its stop
   * token.
   */
  long @Nullable [] next(long[] newest) {
    if (steps > 0 && !isDone()) {
      loop.feed(takable(newest));
    }
    if (isDone()) {
      return null;
    }
    var next = newest.clone();
    for (int row = 0; row < rows; row++) {
      if (!stopped[row]) {
        float[] logits = loop.logits(row);
        if (chooser == null) {
          chooser = settings.selection().chooser(logits.length, rows, rounding);
        }
        next[row] = chooser.choose(row, logits);
        stopped[row] = settings.stop().contains(next[row]);
      }
    }
    steps++;
    return next;
  }

  /** The newest tokens, [b, 1]; of a row that has ended, where nothing counts any more, token 0. */
  private long[][] takable(long[] newest) {
    var tokens = new long[rows][1];
    for (int row = 0; row < rows; row++) {
      if (!stopped[row]) {
        if (!range.contains(newest[row])) {
          throw range.refusal(
              newest[row], "row %d, which the model scores but does not take,".formatted(row));
        }
        tokens[row][0] = newest[row];
      }
    }
    return tokens;
  }

  private boolean isDone() {
    return steps >= settings.length() || allStopped();
  }

  private boolean allStopped() {
    for (boolean one : stopped) {
      if (!one) {
        return false;
      }
    }
    return true;
  }

  /** All new tokens of each row, without the stop tokens. */
  long[][] rest() {
    var all = Stream.generate(LongStream::builder).limit(rows).toList();
    long[] newest = new long[rows];
    for (var next = next(newest); next != null; next = next(newest)) {
      newest = next;
      for (int row = 0; row < rows; row++) {
        if (!settings.stop().contains(next[row])) {
          all.get(row).add(next[row]);
        }
      }
    }
    return all.stream().map(tokens -> tokens.build().toArray()).toArray(long[][]::new);
  }
}
