package ai.transonnx.runtime.generation;

import ai.transonnx.runtime.TopKRounding;
import ai.transonnx.runtime.sampling.TokenChooser;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The rows of one generation, from step to step. */
final class Batch {
  private final GenerationOptions options;
  private final Row[] rows;
  private final long[][] newest;
  private float[] logits = {};
  private @Nullable TokenChooser chooser;
  private int steps;

  Batch(int size, GenerationOptions options) {
    this.options = options;
    this.rows = Stream.generate(Row::new).limit(size).toArray(Row[]::new);
    this.newest = new long[size][1];
  }

  /** Whether there is another step to make. */
  boolean continues() {
    return steps < options.length()
        && !options.cancellation().isCancelled()
        && !Stream.of(rows).allMatch(Row::isStopped);
  }

  /**
   * Chooses the next token of each row from the logits that the loops have computed.
   *
   * @return the newest token of each row, to be fed next; one that has stopped repeats the one
   *     before its last, since the last may be a token that the model does not take
   */
  long[][] step(Lanes lanes, TopKRounding rounding) {
    if (chooser == null) {
      logits = new float[lanes.vocabulary()];
      chooser = options.selection().chooser(logits.length, rows.length, rounding);
    }
    for (int i = 0; i < rows.length; i++) {
      if (!rows[i].isStopped()) {
        lanes.logits(i, logits);
        long token = chooser.choose(i, logits);
        rows[i].append(token, options.stopTokens().contains(token));
        options.listener().onToken(i, token);
        newest[i][0] = rows[i].isStopped() ? newest[i][0] : token;
      }
    }
    steps++;
    return newest;
  }

  boolean isStopped(int row) {
    return rows[row].isStopped();
  }

  Generation result() {
    var ending =
        steps >= options.length()
            ? FinishReason.LENGTH
            : options.cancellation().isExpired() ? FinishReason.DEADLINE : FinishReason.CANCELLED;
    return new Generation(
        Stream.of(rows).map(Row::tokens).toList(),
        Stream.of(rows).map(row -> row.isStopped() ? FinishReason.STOP : ending).toList());
  }
}
