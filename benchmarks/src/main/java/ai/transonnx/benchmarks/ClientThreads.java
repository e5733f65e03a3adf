package ai.transonnx.benchmarks;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Measures the throughput of one loaded model (TokenShiftGPT 256 x 4 over 64 tokens) with
 * increasing numbers of client threads: {@code ClientThreads [ROUNDS] [MILLISECONDS]}. Prints the
 * answers per second of the best round, with the default options and with one thread per operator.
 */
public final class ClientThreads {
  private static final int[] CLIENTS = {1, 2, 4, 16};
  private static final int LENGTH = 64;

  private ClientThreads() {}

  /** Runs the measurement. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    long milliseconds = args.length > 1 ? Long.parseLong(args[1]) : 800;
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder().numTokens(256).dim(256).maxSeqLen(256).depth(4).build());
    var file = Models.export(gpt, GraphRequest.main());
    var configurations =
        Map.of(
            "default options", ModelOptions.defaults(),
            "one thread per operator", ModelOptions.builder().threads(1).build());
    for (var configuration : configurations.entrySet()) {
      try (var model = OnnxModel.load(file, configuration.getValue())) {
        report(configuration.getKey(), model, rounds, milliseconds);
      }
    }
  }

  private static void report(String name, OnnxModel model, int rounds, long milliseconds)
      throws Exception {
    var best = new double[CLIENTS.length];
    for (int round = -1; round < rounds; round++) { // the first warms up
      for (int i = 0; i < CLIENTS.length; i++) {
        double throughput = throughput(model, CLIENTS[i], milliseconds);
        best[i] = round < 0 ? 0 : Math.max(best[i], throughput);
      }
    }
    System.out.printf("%s:%n", name);
    for (int i = 0; i < CLIENTS.length; i++) {
      System.out.printf(
          "  %2d clients %8.1f answers/s, %.3f of one client's%n",
          CLIENTS[i], best[i], best[i] / best[0]);
    }
  }

  private static double throughput(OnnxModel model, int clients, long milliseconds)
      throws Exception {
    ExecutorService pool = Executors.newFixedThreadPool(clients);
    try {
      var answers = new AtomicLong();
      long start = System.nanoTime();
      long end = start + milliseconds * 1_000_000;
      List<Callable<Boolean>> work = new ArrayList<>();
      for (int i = 0; i < clients; i++) {
        var tokens = Tensor.ofLongs(new Random(i).longs(LENGTH, 0, 256).toArray(), 1, LENGTH);
        work.add(
            () -> {
              while (System.nanoTime() < end) {
                model.run(Map.of("tokens", tokens));
                answers.incrementAndGet();
              }
              return true;
            });
      }
      for (var done : pool.invokeAll(work)) {
        done.get();
      }
      return answers.get() * 1e9 / (System.nanoTime() - start);
    } finally {
      pool.shutdown();
    }
  }
}
