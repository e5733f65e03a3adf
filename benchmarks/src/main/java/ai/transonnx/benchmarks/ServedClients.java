package ai.transonnx.benchmarks;

import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.TokenListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.function.Consumer;

/**
 * Clients that each repeat a request, one after the other, and measure the times at which a
 * listener receives its tokens. What they receive while the generator warms up does not count.
 *
 * @param clients the number of clients
 * @param prompt the number of random tokens of a prompt
 * @param length the number of new tokens
 * @param warmUp the seconds before the measurement
 * @param seconds the seconds of the measurement
 */
record ServedClients(int clients, int prompt, int length, double warmUp, double seconds) {
  private static final int VOCABULARY = 20_000;

  /** Measures; {@code generation} returns when the request has ended. */
  ServedTimes measure(Consumer<GenerationRequest> generation) throws Exception {
    var pool = Executors.newFixedThreadPool(clients);
    try {
      long begin = System.nanoTime() + (long) (warmUp * 1e9);
      long end = begin + (long) (seconds * 1e9);
      var work = new ArrayList<Callable<Client>>();
      for (int i = 0; i < clients; i++) {
        var client = new Client(new Random(i), begin, end);
        work.add(() -> client.run(generation));
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
      return new ServedTimes(
          tokens / seconds, ServedTimes.Quantiles.of(first), ServedTimes.Quantiles.of(between));
    } finally {
      pool.shutdown();
    }
  }

  /** A client, which is used by one thread at a time. */
  private final class Client implements TokenListener {
    private final Random random;
    private final long begin;
    private final long end;
    private final List<Double> first = new ArrayList<>();
    private final List<Double> between = new ArrayList<>();
    private long tokens;
    private long last;
    private boolean isFirst;

    Client(Random random, long begin, long end) {
      this.random = random;
      this.begin = begin;
      this.end = end;
    }

    Client run(Consumer<GenerationRequest> generation) {
      var options = GenerationOptions.builder(length).greedy().build();
      while (System.nanoTime() < end) {
        long[][] tokens = {random.longs(prompt, 0, VOCABULARY).toArray()};
        isFirst = true;
        last = System.nanoTime();
        generation.accept(GenerationRequest.builder(tokens, options).listener(this).build());
      }
      return this;
    }

    @Override
    public void onToken(int row, long token) {
      long now = System.nanoTime();
      if (now >= begin && now <= end) {
        tokens++;
        (isFirst ? first : between).add((now - last) / 1e6);
      }
      isFirst = false;
      last = now;
    }
  }
}
