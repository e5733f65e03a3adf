package ai.transonnx.runtime.serving;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import ai.transonnx.runtime.generation.FinishReason;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The limits of a scheduler, what it refuses and what it reports. */
@Timeout(60)
final class SchedulerLimitsTest {
  private static final int UNLIMITED = Integer.MAX_VALUE;

  @TempDir private Path folder;

  private OnnxModel load(TinyModel tiny) {
    return OnnxModel.load(tiny.metadata(MetadataKey.RAGGED, "true").write(folder));
  }

  private static GenerationOptions.Builder greedy(int length) {
    return GenerationOptions.builder(length).greedy();
  }

  private static GenerationRequest request(int length, long... prompt) {
    return GenerationRequest.builder(new long[][] {prompt}, greedy(length).build()).build();
  }

  private static void assertRefused(
      GenerationScheduler scheduler, GenerationRequest request, String message) {
    var refusal = assertThrows(RequestException.class, () -> scheduler.submit(request));
    assertEquals(message, refusal.getMessage());
  }

  @Test
  void requestsThatCannotShareStepsAreRefused() {
    try (var model = load(TinyModels.stateful());
        var scheduler = GenerationScheduler.of(model)) {
      long[][] one = {{1}};
      assertRefused(
          scheduler,
          GenerationRequest.builder(new long[][] {{1}, {2}}, greedy(1).build()).build(),
          "a request of 2 prompts; submit a request for each");
      assertRefused(
          scheduler,
          GenerationRequest.builder(one, greedy(1).beams(2).build()).build(),
          "a beam search replaces its rows in each step, so it cannot share steps; use a"
              + " Generator");
      var contrast = new ContrastiveDecoding(0.1, 0.5);
      assertRefused(
          scheduler,
          GenerationRequest.builder(one, greedy(1).build()).amateur(model, contrast).build(),
          "contrastive decoding computes other models in each step; use a Generator");
      assertRefused(scheduler, request(1), "the prompt is empty; give at least one token");
      assertThrows(TokenException.class, () -> scheduler.submit(request(1, 11)));
    }
  }

  @Test
  void aRequestThatNoLoopCanServeFails() {
    var tiny = TinyModels.stateful().metadata(MetadataKey.FIXED_WINDOW, "of a reason");
    try (var model = load(tiny);
        var scheduler = GenerationScheduler.of(model)) {
      var options = greedy(1).contextOverflow(ContextOverflow.SLIDE).build();
      var request = GenerationRequest.builder(new long[][] {{1}}, options).build();
      assertThrows(RequestException.class, () -> scheduler.submit(request).join());
    }
  }

  @Test
  void aModelWithoutTokensIsRefused() {
    var file =
        new TinyModel()
            .input("x", ai.transonnx.format.ElementType.FLOAT32, "batch", 2)
            .node("Identity", List.of("x"), "y")
            .output("y", ai.transonnx.format.ElementType.FLOAT32, "batch", 2)
            .write(folder);
    try (var model = OnnxModel.load(file)) {
      assertThrows(ModelException.class, () -> GenerationScheduler.of(model));
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    for (var options :
        List.of(
            SchedulerOptions.builder().maxRows(0),
            SchedulerOptions.builder().maxWaiting(-1),
            SchedulerOptions.builder().prefillChunk(0),
            SchedulerOptions.builder().stateMemory(0),
            SchedulerOptions.builder().prefixMemory(-1))) {
      assertThrows(RequestException.class, options::build);
    }
  }

  @Test
  void aRequestWaitsUntilItsStateFits() {
    var gate = new StepGate();
    int megabyte = 1 << 20;
    var options = SchedulerOptions.builder().stateMemory(2 * megabyte + 16).metrics(gate);
    try (var model = load(TinyModels.heavy());
        var scheduler = GenerationScheduler.of(model, options.build())) {
      gate.open();
      var tasks = new GenerationTask[5];
      Arrays.setAll(tasks, i -> scheduler.submit(request(4, i)));
      for (int i = 0; i < tasks.length; i++) {
        assertArrayEquals(TinyModels.greedy(UNLIMITED, 4, i), tasks[i].join().tokens(0));
      }
      assertEquals(2, gate.rounds().stream().mapToInt(StepGate.Round::decoded).max().orElseThrow());
    }
  }

  @Test
  void aRequestWhoseStateNeverFitsIsRefused() {
    var options = SchedulerOptions.builder().stateMemory(1_000_000).build();
    try (var model = load(TinyModels.heavy());
        var scheduler = GenerationScheduler.of(model, options)) {
      var refusal = assertThrows(MemoryLimitException.class, () -> scheduler.submit(request(4, 1)));
      assertEquals(
          model.file()
              + ": the state of 5 tokens has 1.0 MB; the limit is 1.0 MB: request fewer tokens, or"
              + " set stateMemory",
          refusal.getMessage());
    }
  }

  @Test
  void aLongPromptIsComputedBetweenTheStepsOfOthers() {
    var gate = new StepGate();
    var options = SchedulerOptions.builder().prefillChunk(20).metrics(gate).build();
    try (var model = load(TinyModels.stateful());
        var scheduler = GenerationScheduler.of(model, options)) {
      var other = scheduler.submit(request(UNLIMITED, 1));
      gate.await();
      long[] prompt = new long[90];
      var task = scheduler.submit(request(1, prompt));
      for (int i = 0; i < 5; i++) {
        assertFalse(task.future().isDone());
        gate.next();
      }
      other.cancel();
      gate.open();
      assertArrayEquals(TinyModels.greedy(UNLIMITED, 1, prompt), task.join().tokens(0));
      assertEquals(
          List.of(
              new StepGate.Round(1, 20, 0),
              new StepGate.Round(1, 20, 0),
              new StepGate.Round(1, 20, 0),
              new StepGate.Round(1, 20, 0),
              new StepGate.Round(1, 10, 0)),
          gate.rounds().subList(1, 6));
    }
  }

  @Test
  void exactRequestsShareNoSteps() {
    var gate = new StepGate();
    var options = SchedulerOptions.builder().prefillChunk(1).exact().metrics(gate).build();
    try (var model = load(TinyModels.stateful());
        var scheduler = GenerationScheduler.of(model, options)) {
      gate.open();
      var task = scheduler.submit(request(4, 1, 2, 3));
      assertArrayEquals(TinyModels.greedy(UNLIMITED, 4, 1, 2, 3), task.join().tokens(0));
      assertEquals(new StepGate.Round(0, 3, 0), gate.rounds().get(0));
      assertEquals(0, scheduler.status().prefixes());
    }
  }

  @Test
  void theListenerReceivesEachTokenInOrder() {
    try (var model = load(TinyModels.stateful());
        var scheduler = GenerationScheduler.of(model)) {
      var received = Collections.synchronizedList(new ArrayList<Long>());
      TokenListener listener = (row, token) -> received.add(token);
      var request =
          GenerationRequest.builder(new long[][] {{1}}, greedy(9).build())
              .listener(listener)
              .build();
      long[] tokens = scheduler.submit(request).join().tokens(0);
      assertEquals(Arrays.stream(tokens).boxed().toList(), received);
    }
  }

  @Test
  void aFullContextWindowIsReportedOnce() {
    try (var model = load(TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "5"));
        var scheduler = GenerationScheduler.of(model)) {
      var reasons = Collections.synchronizedList(new ArrayList<String>());
      var listener =
          new TokenListener() {
            @Override
            public void onToken(int row, long token) {}

            @Override
            public void onRecomputing(String reason) {
              reasons.add(reason);
            }
          };
      var request =
          GenerationRequest.builder(new long[][] {{1}}, greedy(9).build())
              .listener(listener)
              .build();
      assertArrayEquals(TinyModels.greedy(5, 9, 1), scheduler.submit(request).join().tokens(0));
      assertEquals(List.of("its context window of 5 positions is full"), reasons);
    }
  }

  /** Counts, and throws each time. */
  private static final class Counts implements SchedulerMetrics {
    private final AtomicInteger first = new AtomicInteger();
    private final AtomicInteger later = new AtomicInteger();
    private final List<String> ends = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void onFirstToken(Duration time) {
      first.incrementAndGet();
      throw new IllegalStateException();
    }

    @Override
    public void onToken(Duration time) {
      later.incrementAndGet();
      throw new IllegalStateException();
    }

    @Override
    public void onFinished(FinishReason reason, int prompt, int tokens, Duration time) {
      ends.add(reason + " " + prompt + " " + tokens);
    }
  }

  @Test
  void metricsCountTokensAndTheirExceptionsHaveNoEffect() {
    var counts = new Counts();
    var options = SchedulerOptions.builder().metrics(counts).build();
    try (var model = load(TinyModels.stateful());
        var scheduler = GenerationScheduler.of(model, options)) {
      scheduler.submit(request(4, 1, 2)).join();
      scheduler.submit(request(0, 1, 2)).join();
      assertEquals(1, counts.first.get());
      assertEquals(3, counts.later.get());
      assertEquals(List.of("LENGTH 2 4", "LENGTH 2 0"), counts.ends);
    }
  }
}
