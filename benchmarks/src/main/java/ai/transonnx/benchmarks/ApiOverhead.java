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
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;

/**
 * One run through this project's API beside the same run through ONNX Runtime's own Java API, from
 * {@code long[]} to {@code float[]}, in turns: {@code ApiOverhead [ROUNDS]}. Prints the median of
 * both and of the ratio, pair by pair, for models of several sizes.
 */
public final class ApiOverhead {
  private ApiOverhead() {}

  /** Compares. */
  public static void main(String[] args) throws OrtException {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 1000;
    compare(64, 2, 32, rounds);
    compare(128, 4, 64, rounds);
    compare(512, 6, 64, Math.max(1, rounds / 10));
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
    try (var model = OnnxModel.load(file, ModelOptions.builder().threads(1).build());
        var options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.ALL_OPT);
      try (var session = OrtEnvironment.getEnvironment().createSession(file.toString(), options)) {
        var times = new double[2][rounds];
        var ratios = new double[rounds];
        for (int i = -rounds / 2; i < rounds; i++) {
          boolean first = i % 2 == 0;
          double early = first ? ours(model, tokens) : theirs(session, tokens);
          double late = first ? theirs(session, tokens) : ours(model, tokens);
          if (i >= 0) {
            times[0][i] = first ? early : late;
            times[1][i] = first ? late : early;
            ratios[i] = times[0][i] / times[1][i];
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
    }
  }

  private static double ours(OnnxModel model, long[] tokens) {
    long start = System.nanoTime();
    var outputs = model.run(Map.of("tokens", Tensor.ofLongs(tokens, 1, tokens.length)));
    float[] logits = Objects.requireNonNull(outputs.get("logits")).floats();
    return microseconds(start, logits);
  }

  private static double theirs(OrtSession session, long[] tokens) throws OrtException {
    long start = System.nanoTime();
    var environment = OrtEnvironment.getEnvironment();
    try (var tensor =
            OnnxTensor.createTensor(
                environment, LongBuffer.wrap(tokens), new long[] {1, tokens.length});
        var result = session.run(Map.of("tokens", tensor))) {
      var buffer = ((OnnxTensor) result.get(0)).getFloatBuffer();
      var logits = new float[buffer.remaining()];
      buffer.get(logits);
      return microseconds(start, logits);
    }
  }

  private static double microseconds(long start, float[] logits) {
    double time = (System.nanoTime() - start) / 1e3;
    if (Float.isNaN(logits[0])) {
      throw new IllegalStateException("not a number");
    }
    return time;
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
