package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.scoring.Scorer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Sixteen threads use several models: every result is checked, some calls are cancelled or exceed
 * their deadline, and models are loaded and closed under load. It takes a few seconds by default;
 * {@code -Dtransonnx.soak.seconds=600} makes it longer. The first half fills the allocator's caches
 * for sixteen threads; in the second half, memory must not grow by the size of leaked states.
 */
class SoakTest {
  private static final int THREADS = 16;
  private static final long SECONDS = Long.getLong("transonnx.soak.seconds", 3);
  private static final long LEAK_KB = 400_000; // the size of 100 leaked states of the heavy model

  private final AtomicLong answers = new AtomicLong();
  private final AtomicLong ended = new AtomicLong();

  @TempDir private Path folder;

  @Test
  void everyResultIsRightUnderLoad() throws Exception {
    var files =
        Stream.of(
                TinyModels.stateful(),
                TinyModels.stateless(),
                TinyModels.unknownVocabulary(),
                TinyModels.growing(),
                TinyModels.heavy())
            .map(tiny -> tiny.write(folder))
            .toList();
    var models = files.stream().map(OnnxModel::load).toList();
    var pool = Executors.newFixedThreadPool(THREADS);
    try {
      work(pool.invokeAll(workers(models, files, SECONDS)));
      long warm = nativeKilobytes();
      work(pool.invokeAll(workers(models, files, SECONDS)));
      long grown = nativeKilobytes() - warm;
      assertTrue(grown < LEAK_KB, () -> "grew by " + grown + " kB in " + answers + " answers");
    } finally {
      pool.shutdown();
      models.forEach(OnnxModel::close);
    }
    assertTrue(answers.get() > 100 && ended.get() > 0, answers + " answers, " + ended + " ended");
  }

  private static void work(List<java.util.concurrent.Future<Boolean>> done) throws Exception {
    for (var worker : done) {
      assertTrue(worker.get());
    }
  }

  private List<Callable<Boolean>> workers(List<OnnxModel> models, List<Path> files, long seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    var workers = new ArrayList<Callable<Boolean>>();
    for (int i = 0; i < THREADS; i++) {
      var random = new Random(i);
      workers.add(
          () -> {
            while (System.nanoTime() < end) {
              step(models, files, random);
            }
            return true;
          });
    }
    return workers;
  }

  private void step(List<OnnxModel> models, List<Path> files, Random random) {
    var model = models.get(random.nextInt(models.size()));
    long[] prompt = random.longs(1 + random.nextInt(6), 0, TinyModels.V).toArray();
    switch (random.nextInt(6)) {
      case 0 -> run(model, prompt, new Cancellation());
      case 1 -> generate(model, prompt, new Cancellation(), 12);
      case 2 -> score(models.get(0), prompt);
      case 3 -> {
        var cancellation = Cancellation.after(Duration.ofNanos(random.nextInt(2_000_000)));
        generate(model, prompt, cancellation, 1000);
        runOrEnd(model, prompt, cancellation);
      }
      case 4 -> {
        var cancellation = new Cancellation();
        if (random.nextBoolean()) {
          cancellation.cancel();
        }
        runOrEnd(model, prompt, cancellation);
      }
      default -> {
        try (var own = OnnxModel.load(files.get(random.nextInt(files.size())))) {
          run(own, prompt, new Cancellation());
        }
      }
    }
  }

  private void run(OnnxModel model, long[] prompt, Cancellation cancellation) {
    var inputs = new HashMap<String, Tensor>();
    inputs.put("tokens", Tensor.ofLongs(prompt, 1, prompt.length));
    model.metadata().state().forEach(pair -> inputs.put(pair.input(), Tensor.zeros(pair, 1)));
    var outputs = model.run(inputs, model.signature().outputs().keySet(), cancellation);
    float[] logits = outputs.get("logits").floats();
    var expected = new float[logits.length];
    for (int i = 0; i < prompt.length; i++) {
      expected[i * TinyModels.V + (int) TinyModels.next(Arrays.copyOf(prompt, i + 1))] = 1;
    }
    assertEquals(Arrays.toString(expected), Arrays.toString(logits));
    answers.incrementAndGet();
  }

  private void runOrEnd(OnnxModel model, long[] prompt, Cancellation cancellation) {
    try {
      run(model, prompt, cancellation);
    } catch (CancelledException e) {
      assertTrue(cancellation.isCancelled());
      assertEquals(cancellation.isExpired(), e instanceof DeadlineException);
      ended.incrementAndGet();
    }
  }

  private void generate(OnnxModel model, long[] prompt, Cancellation cancellation, int length) {
    var options = GenerationOptions.builder(length).greedy().build();
    var request = GenerationRequest.builder(new long[][] {prompt}, options).build();
    var generation = Generator.of(model).generate(request, cancellation);
    long[] all = prompt;
    for (long token : generation.tokens(0)) {
      assertEquals(TinyModels.next(all), token);
      all = Arrays.copyOf(all, all.length + 1);
      all[all.length - 1] = token;
    }
    if (generation.finishReason(0) == FinishReason.LENGTH) {
      assertEquals(prompt.length + length, all.length);
    } else {
      assertEquals(FinishReason.DEADLINE, generation.finishReason(0));
      ended.incrementAndGet();
    }
    answers.incrementAndGet();
  }

  /** Scores a token whose logit is 1 while all others are 0. */
  private void score(OnnxModel model, long[] prompt) {
    long[] tokens = Arrays.copyOf(prompt, prompt.length + 1);
    tokens[prompt.length] = TinyModels.next(prompt);
    double[] bits = Scorer.of(model).bits(tokens);
    double expected = Math.log((Math.E + TinyModels.V - 1) / Math.E) / Math.log(2);
    assertEquals(expected, bits[bits.length - 1], 1e-6);
    answers.incrementAndGet();
  }

  /** The resident memory besides the Java heap; 0 if the system does not report it. */
  private static long nativeKilobytes() throws IOException {
    var status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return 0;
    }
    long resident =
        Files.readAllLines(status).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
            .sum();
    return resident - Runtime.getRuntime().totalMemory() / 1024;
  }
}
