package ai.transonnx.benchmarks;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * Compares one run in this project's API with the same run in ONNX Runtime's Java API, from {@code
 * long[]} to {@code float[]}, in alternation: {@code ApiOverhead [ROUNDS]}. The memory location of
 * a session's weights changes its time by more than the overhead, so both load each model {@value
 * #LOADS} times. Prints the median of both times and of their ratio.
 */
public final class ApiOverhead {
  private static final int LOADS = 10;

  private ApiOverhead() {}

  /** Runs the comparison. */
  public static void main(String[] args) throws OrtException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    compare(64, 2, 32, rounds); // warms up
    compare(64, 2, 32, rounds);
    compare(128, 4, 64, Math.max(1, rounds / 5));
    compare(512, 6, 64, Math.max(1, rounds / 50));
  }

  private static void compare(int dim, int depth, int length, int rounds) throws OrtException {
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder()
                .numTokens(256)
                .dim(dim)
                .maxSeqLen(256)
                .depth(depth)
                .build());
    var file = Models.export(gpt, GraphRequest.main());
    long[] tokens = new Random(1).longs(length, 0, 256).toArray();
    var times = new double[2][LOADS * rounds];
    var ratios = new double[LOADS * rounds];
    for (int load = 0; load < LOADS; load++) {
      boolean firstLoaded = load % 2 == 0;
      var early = firstLoaded ? ours(file, tokens) : theirs(file, tokens);
      var late = firstLoaded ? theirs(file, tokens) : ours(file, tokens);
      try (var ours = firstLoaded ? early : late;
          var theirs = firstLoaded ? late : early) {
        for (int i = -rounds; i < rounds; i++) {
          boolean first = i % 2 == 0;
          double before = first ? ours.microseconds() : theirs.microseconds();
          double after = first ? theirs.microseconds() : ours.microseconds();
          if (i >= 0) {
            int at = load * rounds + i;
            times[0][at] = first ? before : after;
            times[1][at] = first ? after : before;
            ratios[at] = times[0][at] / times[1][at];
          }
        }
      }
    }
    System.out.printf(
        "dim %d, depth %d, %d tokens: ours %.1f us, ONNX Runtime's %.1f us, ratio %.4f,"
            + " pair by pair %.4f%n",
        dim,
        depth,
        length,
        median(times[0]),
        median(times[1]),
        median(times[0]) / median(times[1]),
        median(ratios));
  }

  /** A loaded model that can be run repeatedly. */
  private interface Loaded extends AutoCloseable {
    float[] logits() throws OrtException;

    @Override
    void close() throws OrtException;

    default double microseconds() throws OrtException {
      long start = System.nanoTime();
      float[] logits = logits();
      double time = (System.nanoTime() - start) / 1e3;
      if (Float.isNaN(logits[0])) {
        throw new IllegalStateException("not a number");
      }
      return time;
    }
  }

  private static Loaded ours(Path file, long[] tokens) {
    var model = OnnxModel.load(file, ModelOptions.builder().threads(1).build());
    return new Loaded() {
      @Override
      public float[] logits() {
        var outputs = model.run(Map.of("tokens", Tensor.ofLongs(tokens, 1, tokens.length)));
        return outputs.get("logits").floats();
      }

      @Override
      public void close() {
        model.close();
      }
    };
  }

  private static Loaded theirs(Path file, long[] tokens) throws OrtException {
    var environment = OrtEnvironment.getEnvironment();
    try (var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      var session = environment.createSession(file.toString(), options);
      return new Loaded() {
        @Override
        public float[] logits() throws OrtException {
          try (var tensor =
                  OnnxTensor.createTensor(
                      environment, LongBuffer.wrap(tokens), new long[] {1, tokens.length});
              var result = session.run(Map.of("tokens", tensor))) {
            var buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
            var logits = new float[buffer.remaining()];
            buffer.get(logits);
            return logits;
          }
        }

        @Override
        public void close() throws OrtException {
          session.close();
        }
      };
    }
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
