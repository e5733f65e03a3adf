package ai.transonnx.benchmarks;

import ai.onnxruntime.OrtException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Compares a decode step of a {@link TokenLoop}, with the copy of its logits, with the same run
 * prepared in ONNX Runtime's Java API ({@link BareStep}), in alternation: {@code StepOverhead
 * MODEL.onnx ...}, for incremental language models of float32, exported with {@code --logits last}.
 * Both load each model {@value #LOADS} times, because the memory location of the weights changes
 * the times. Prints the medians of both and of their ratio.
 */
public final class StepOverhead {
  private static final int LOADS = 4;
  private static final int PROMPT = 100;
  private static final int STEPS = 100;
  private static final int ROUNDS = 20;

  private StepOverhead() {}

  /** Measures each model. */
  public static void main(String[] args) throws OrtException {
    for (var arg : args) {
      var file = Path.of(arg);
      int count = LOADS * ROUNDS * STEPS;
      var loops = new double[count];
      var bare = new double[count];
      for (int load = 0; load < LOADS; load++) {
        measure(file, loops, bare, load * ROUNDS * STEPS);
      }
      var ratios = new double[count];
      Arrays.setAll(ratios, i -> loops[i] / bare[i]);
      System.out.printf(
          "%s: a step %.1f us, the run alone %.1f us, ratio %.3f, pair by pair %.3f%n",
          file.getFileName(),
          median(loops),
          median(bare),
          median(loops) / median(bare),
          median(ratios));
    }
  }

  private static void measure(Path file, double[] loops, double[] bare, int first)
      throws OrtException {
    var prompt = new Random(7).longs(PROMPT, 0, 64).toArray();
    try (var model = OnnxModel.load(file, ModelOptions.builder().threads(1).build());
        var loop = TokenLoop.of(model);
        var step = new BareStep(file, model, prompt)) {
      var logits = new float[loop.vocabulary()];
      for (int round = -2; round < ROUNDS; round++) {
        loop.reset();
        loop.feed(prompt);
        for (int i = 0; i < STEPS; i++) {
          long start = System.nanoTime();
          loop.feed(1);
          loop.logits(0, logits);
          long middle = System.nanoTime();
          step.run(logits);
          long end = System.nanoTime();
          if (round >= 0) {
            loops[first + round * STEPS + i] = (middle - start) / 1e3;
            bare[first + round * STEPS + i] = (end - middle) / 1e3;
          }
        }
      }
    }
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
