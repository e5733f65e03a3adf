package ai.transonnx.benchmarks;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/**
 * TokenShiftGPT 512 x 12 over 1,024 positions beside another exporter's file of the same model, in
 * turns, so that both meet the same machine: {@code PeerComparison PEER.onnx [ROUNDS]}.
 *
 * <p>Prints the times of both, the ratio pair by pair, and the limit: the model's matrix products
 * at the speed of matrix products alone, measured in the same run.
 */
public final class PeerComparison {
  private static final int LENGTH = 1024;
  private static final double OPERATIONS =
      2.0 * LENGTH * (12 * (512.0 * 4096 + 2048.0 * 2048 + 2048.0 * 512) + 512 * 256);

  private PeerComparison() {}

  /** Compares. */
  public static void main(String[] args) {
    if (args.length < 1) {
      throw new IllegalArgumentException("PEER.onnx [ROUNDS]");
    }
    int rounds = args.length > 1 ? Integer.parseInt(args[1]) : 15;
    var options = ModelOptions.builder().threads(2).build();
    var file = Models.export(Models.tokenShiftGpt(false), GraphRequest.main());
    try (var ours = OnnxModel.load(file, options);
        var peer = OnnxModel.load(Path.of(args[0]), options);
        var products = new MatrixProducts(options)) {
      var tokens = Tensor.ofLongs(new Random(1).longs(LENGTH, 0, 256).toArray(), 1, LENGTH);
      var peerInput = peer.signature().inputs().keySet().iterator().next();
      Runnable runOurs = () -> ours.run(Map.of("tokens", tokens));
      Runnable runPeer = () -> peer.run(Map.of(peerInput, tokens));
      var times = new double[3][rounds];
      var ratios = new double[rounds];
      for (int i = -2; i < rounds; i++) {
        double ourTime = milliseconds(runOurs);
        double peerTime = milliseconds(runPeer);
        double productTime = milliseconds(products::run);
        if (i >= 0) {
          times[0][i] = ourTime;
          times[1][i] = peerTime;
          times[2][i] = productTime;
          ratios[i] = ourTime / peerTime;
        }
      }
      double rate = products.operations() / median(times[2]) / 1e6;
      System.out.printf(
          "ours %.0f ms, peer %.0f ms, ratio %.3f (pair by pair, %.3f to %.3f)%n",
          median(times[0]),
          median(times[1]),
          median(ratios),
          Arrays.stream(ratios).min().orElseThrow(),
          Arrays.stream(ratios).max().orElseThrow());
      System.out.printf(
          "limit %.0f ms: %.1f GFLOP of products at %.0f GFLOP/s; %.2f of our time%n",
          OPERATIONS / rate / 1e6,
          OPERATIONS / 1e9,
          rate,
          OPERATIONS / rate / 1e6 / median(times[0]));
    }
  }

  private static double milliseconds(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double median(double[] values) {
    var sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
