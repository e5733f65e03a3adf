package ai.transonnx.benchmarks;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Measures how many tokens a decoder of 512 x 12 generates for several clients: {@code
 * ServingThroughput [CLIENTS [SECONDS [MODEL.onnx]]]}, by default {@code 1,4,16,64 10}.
 *
 * <p>A client repeats a request of a random prompt of {@value #PROMPT} tokens and {@value #LENGTH}
 * new tokens, one after the other, for some seconds. The clients submit to one scheduler, or each
 * generates in a thread of its own, which shares the model. Prints the tokens per second of all
 * clients, and the median and the 95th percentile of the time to the first token and between two
 * tokens, as a client's listener receives them.
 */
public final class ServingThroughput {
  private static final int THREADS = 2;
  private static final int PROMPT = 32;
  private static final int LENGTH = 64;
  private static final int VOCABULARY = 20_000;

  private ServingThroughput() {}

  /** Runs the measurement. */
  public static void main(String[] args) throws Exception {
    var clients =
        Stream.of((args.length > 0 ? args[0] : "1,4,16,64").split(","))
            .map(Integer::valueOf)
            .toList();
    double seconds = args.length > 1 ? Double.parseDouble(args[1]) : 10;
    var file = args.length > 2 ? Path.of(args[2]) : export();
    var options = ModelOptions.builder().threads(THREADS).build();
    try (var model = OnnxModel.load(file, options)) {
      var generator = Generator.of(model);
      measure(1, 2, generator::generate); // warms up
      for (int count : clients) {
        report("a loop for each client", count, measure(count, seconds, generator::generate));
        var scheduling = SchedulerOptions.builder().maxRows(count).build();
        try (var scheduler = GenerationScheduler.of(model, scheduling)) {
          var measured = measure(count, seconds, request -> scheduler.submit(request).join());
          report("a scheduler", count, measured);
        }
      }
    }
  }

  private static Path export() {
    var decoder =
        Architectures.of(
            Library.X_TRANSFORMERS,
            """
            {"class": "TransformerWrapper", "num_tokens": 20000, "max_seq_len": 2048,
             "attn_layers": {"class": "Decoder", "dim": 512, "depth": 12, "heads": 8}}
            """);
    return Models.export(
        decoder, GraphRequest.builder().incremental(true).lastLogits(true).build());
  }

  /** The times in milliseconds that clients measured, and the tokens per second of all of them. */
  private record Measured(double tokensPerSecond, List<Double> first, List<Double> between) {}

  private static Measured measure(
      int clients, double seconds, Consumer<GenerationRequest> generation) throws Exception {
    var pool = Executors.newFixedThreadPool(clients);
    try {
      long start = System.nanoTime();
      long end = start + (long) (seconds * 1e9);
      var work = new ArrayList<Callable<Client>>();
      for (int i = 0; i < clients; i++) {
        var client = new Client(new Random(i), start, end);
        work.add(
            () -> {
              client.run(generation);
              return client;
            });
      }
      long tokens = 0;
      var first = new ArrayList<Double>();
      var between = new ArrayList<Double>();
      for (var done : pool.invokeAll(work)) {
        var client = done.get();
        tokens += client.tokens;
        first.addAll(client.first);
        between.addAll(client.between);
      }
      return new Measured(tokens / seconds, first, between);
    } finally {
      pool.shutdown();
    }
  }

  /** A client, which is used by one thread at a time. */
  private static final class Client implements TokenListener {
    private final Random random;
    private final long end;
    private final List<Double> first = new ArrayList<>();
    private final List<Double> between = new ArrayList<>();
    private long tokens;
    private long last;
    private boolean isFirst;

    Client(Random random, long start, long end) {
      this.random = random;
      this.end = end;
      this.last = start;
    }

    void run(Consumer<GenerationRequest> generation) {
      var options = GenerationOptions.builder(LENGTH).greedy().build();
      while (System.nanoTime() < end) {
        long[][] prompt = {random.longs(PROMPT, 0, VOCABULARY).toArray()};
        isFirst = true;
        last = System.nanoTime();
        generation.accept(GenerationRequest.builder(prompt, options).listener(this).build());
      }
    }

    @Override
    public void onToken(int row, long token) {
      long now = System.nanoTime();
      (isFirst ? first : between).add((now - last) / 1e6);
      isFirst = false;
      last = now;
      tokens += now <= end ? 1 : 0;
    }
  }

  private static void report(String name, int clients, Measured measured) {
    System.out.printf(
        Locale.ROOT,
        "%3d clients, %-24s %7.1f tokens/s; first token %7.1f ms (95 %%: %.1f), then %6.1f ms (95"
            + " %%: %.1f)%n",
        clients,
        name + ":",
        measured.tokensPerSecond,
        percentile(measured.first, 0.5),
        percentile(measured.first, 0.95),
        percentile(measured.between, 0.5),
        percentile(measured.between, 0.95));
  }

  private static double percentile(List<Double> values, double share) {
    var sorted = new ArrayList<>(values);
    Collections.sort(sorted);
    return sorted.isEmpty() ? 0 : sorted.get((int) (share * (sorted.size() - 1)));
  }
}
