package ai.transonnx.benchmarks;

import static java.util.Objects.requireNonNull;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Compares a model over 1,024 positions with other exporters' files of the same model, in
 * alternating runs: {@code PeerComparison MODEL FOLDER [ROUNDS]}, where MODEL is one of {@link
 * PeerModel} and the folder has the files of the peers.
 *
 * <p>Prints the times, the ratios of the best times and of each round, and the limit: the time of
 * the model's matrix products alone, measured in the same run. The order changes from round to
 * round. Loading and memory are measured in separate processes. Then the incremental model
 * generates tokens after 1,000 others; without a KV cache or state, each of them takes a call of a
 * peer. The last line is the row of the model in the README's table.
 */
public final class PeerComparison {
  private static final String OURS = "ours, ";
  private static final int WARM_UP = 2;
  private static final int PROCESSES = 3;
  private static final int PROMPT = 1000;
  private static final int TOKENS = 20;

  private PeerComparison() {}

  /** Runs the comparison. */
  public static void main(String[] args) {
    if (args.length < 2) {
      throw new IllegalArgumentException("MODEL FOLDER [ROUNDS]");
    }
    var model = PeerModel.valueOf(args[0].toUpperCase(Locale.ROOT).replace('-', '_'));
    int rounds = args.length > 2 ? Integer.parseInt(args[2]) : 15;
    var options = Models.options();
    var files = new LinkedHashMap<String, Path>();
    for (var target : model.targets()) {
      var request = GraphRequest.builder().emit(EmitOptions.STANDARD.withTarget(target)).build();
      files.put(OURS + target, Models.export(model.architecture(), request));
    }
    for (var peer : model.peers()) {
      files.put(peer, Path.of(args[1]).resolve(peer + ".onnx"));
    }
    var memory = reportProcesses(files, model);
    var contenders = new ArrayList<Contender>();
    try (var products = MatrixProducts.large(options)) {
      files.forEach((name, file) -> contenders.add(Contender.of(name, file, model, options)));
      var productTimes = new ArrayList<Double>();
      for (int i = -WARM_UP; i < rounds; i++) {
        double time = milliseconds(products::run);
        if (i >= 0) {
          productTimes.add(time);
        }
        Collections.rotate(contenders, 1);
        for (var contender : contenders) {
          contender.run(i >= 0);
        }
      }
      report(contenders, model, products.operations() / median(productTimes));
      var peer = fastest(contenders.stream().filter(one -> !one.isOurs()).toList());
      var ours = fastest(contenders.stream().filter(Contender::isOurs).toList());
      double token = token(model, options);
      System.out.printf(
          "| %s | %.2f | %.2f | %.1f ms against %.0f ms: %.0f times as fast |%n",
          model.label(),
          median(ours.times()) / median(peer.times()),
          requireNonNull(memory.get(ours.name())) / requireNonNull(memory.get(peer.name())),
          token,
          median(peer.times()),
          median(peer.times()) / token);
    } finally {
      contenders.forEach(contender -> contender.model().close());
    }
  }

  private static Contender fastest(List<Contender> contenders) {
    return Collections.min(contenders, Comparator.comparing(one -> median(one.times())));
  }

  /** The median time of a token after others, in milliseconds. */
  private static double token(PeerModel model, ModelOptions options) {
    var request = GraphRequest.builder().incremental(true).lastLogits(true).build();
    var times = new ArrayList<Double>();
    try (var loaded = OnnxModel.load(Models.export(model.architecture(), request), options);
        var loop = TokenLoop.of(loaded)) {
      loop.feed(new long[PROMPT]);
      for (int i = 0; i < TOKENS; i++) {
        times.add(milliseconds(() -> loop.feed(1)));
      }
    }
    return median(times);
  }

  /** Reports the cost of each file in processes of its own, and returns their memory in MB. */
  private static Map<String, Double> reportProcesses(Map<String, Path> files, PeerModel model) {
    var memory = new LinkedHashMap<String, Double>();
    var costs = new LinkedHashMap<String, List<FreshProcess>>();
    for (int i = 0; i < PROCESSES; i++) {
      files.forEach(
          (name, file) ->
              costs
                  .computeIfAbsent(name, absent -> new ArrayList<>())
                  .add(FreshProcess.of(file, model)));
    }
    costs.forEach(
        (name, all) -> {
          var loading = all.stream().map(FreshProcess::loading).toList();
          memory.put(name, median(all.stream().map(cost -> cost.peak() / 1e6).toList()));
          System.out.printf(
              "%s: loaded in %.0f ms, at best %.0f ms; at most %.0f MB in memory%n",
              name, median(loading), best(loading), memory.get(name));
        });
    return memory;
  }

  private static void report(List<Contender> contenders, PeerModel model, double rate) {
    double least = Double.MAX_VALUE;
    for (var contender : contenders) {
      System.out.printf(
          "%s: %.0f ms, at best %.0f ms%n",
          contender.name(), median(contender.times()), best(contender.times()));
    }
    for (var ours : contenders.stream().filter(Contender::isOurs).toList()) {
      least = Math.min(least, median(ours.times()));
      contenders.stream().filter(one -> !one.isOurs()).forEach(peer -> compare(ours, peer));
    }
    double limit = model.operations() / rate;
    System.out.printf(
        "limit %.0f ms: %.1f GFLOP of products at %.0f GFLOP/s; %.2f of our time%n",
        limit, model.operations() / 1e9, rate / 1e6, limit / least);
  }

  private static void compare(Contender ours, Contender peer) {
    var ratios =
        IntStream.range(0, ours.times().size())
            .mapToObj(i -> ours.times().get(i) / peer.times().get(i))
            .sorted()
            .toList();
    System.out.printf(
        "%s / %s: %.3f at best, %.3f pair by pair (%.3f to %.3f)%n",
        ours.name(),
        peer.name(),
        best(ours.times()) / best(peer.times()),
        median(ratios),
        ratios.get(0),
        ratios.get(ratios.size() - 1));
  }

  /** A model, its inputs, and the times of its runs in milliseconds. */
  private record Contender(
      String name, OnnxModel model, Map<String, Tensor> inputs, List<Double> times) {
    static Contender of(String name, Path file, PeerModel measured, ModelOptions options) {
      var loaded = OnnxModel.load(file, options);
      return new Contender(name, loaded, measured.inputs(loaded), new ArrayList<>());
    }

    boolean isOurs() {
      return name.startsWith(OURS);
    }

    void run(boolean counts) {
      double time = milliseconds(() -> model.run(inputs));
      if (counts) {
        times.add(time);
      }
    }
  }

  private static double milliseconds(Runnable run) {
    long start = System.nanoTime();
    run.run();
    return (System.nanoTime() - start) / 1e6;
  }

  private static double best(List<Double> values) {
    return values.stream().min(Double::compare).orElseThrow();
  }

  private static double median(List<Double> values) {
    return values.stream().sorted().toList().get(values.size() / 2);
  }
}
