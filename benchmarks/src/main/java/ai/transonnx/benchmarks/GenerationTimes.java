package ai.transonnx.benchmarks;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.util.Locale;
import java.util.Random;

/**
 * The best times of a generation in milliseconds.
 *
 * @param prompt the time of a prompt of 1,000 tokens
 * @param token the time of one of the tokens after it
 */
record GenerationTimes(double prompt, double token) {
  /** Longer times than any. */
  static final GenerationTimes NONE =
      new GenerationTimes(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY);

  private static final int PROMPT = 1000;
  private static final int TOKENS = 100;
  private static final int VOCABULARY = 20_000;

  /** Measures a decoder. */
  static GenerationTimes of(OnnxModel model, int repetitions) {
    var prompt = new Random(7).longs(PROMPT, 0, VOCABULARY).toArray();
    var best = NONE;
    for (int i = 0; i < repetitions; i++) {
      try (var loop = TokenLoop.of(model)) {
        best = best.best(new GenerationTimes(milliseconds(() -> loop.feed(prompt)), best.token));
        for (int j = 0; j < TOKENS; j++) {
          best = best.best(new GenerationTimes(best.prompt, milliseconds(() -> loop.feed(1))));
        }
      }
    }
    return best;
  }

  /** The shorter times of both. */
  GenerationTimes best(GenerationTimes other) {
    return new GenerationTimes(Math.min(prompt, other.prompt), Math.min(token, other.token));
  }

  private static double milliseconds(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "prompt %.0f ms, token %.2f ms", prompt, token);
  }
}
