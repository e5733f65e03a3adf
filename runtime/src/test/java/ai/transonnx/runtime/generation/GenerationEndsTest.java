package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunLimit;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenLoop;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** How generations end: length, stop tokens, cancellation, failures. */
final class GenerationEndsTest {
  private static final long[][] PROMPT = {{1}};
  private static final GenerationOptions UNLIMITED =
      GenerationOptions.builder(Integer.MAX_VALUE).greedy().build();

  @TempDir private Path folder;

  @Test
  void aStopTokenEndsItsRow() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      long[][] prompts = {{1}, {3}};
      long[] first = TinyModels.greedy(Integer.MAX_VALUE, 20, 1);
      long[] second = TinyModels.greedy(Integer.MAX_VALUE, 20, 3);
      var options = GenerationOptions.builder(20).greedy().stopTokens(Set.of(first[2])).build();
      var generation = Generator.of(model).generate(prompts, options);
      assertArrayEquals(until(first[2], first), generation.tokens(0));
      assertArrayEquals(until(first[2], second), generation.tokens(1));
      assertNotEquals(generation.tokens(0).length, generation.tokens(1).length);
      assertEquals(FinishReason.STOP, generation.finishReason(0));
      assertEquals(FinishReason.STOP, generation.finishReason(1));
    }
  }

  @Test
  void aStopTokenInThePromptDoesNotEndItsRow() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      long[] expected = TinyModels.greedy(Integer.MAX_VALUE, 3, 5, 1);
      assertTrue(Arrays.stream(expected).noneMatch(token -> token == 5));
      var options = GenerationOptions.builder(3).greedy().stopTokens(Set.of(5L)).build();
      var generation = Generator.of(model).generate(new long[][] {{5, 1}}, options);
      assertArrayEquals(expected, generation.tokens(0));
      assertEquals(FinishReason.LENGTH, generation.finishReason(0));
    }
  }

  private static long[] until(long stop, long[] tokens) {
    int end = 0;
    while (end < tokens.length && tokens[end] != stop) {
      end++;
    }
    return Arrays.copyOf(tokens, Math.min(end + 1, tokens.length));
  }

  @Test
  void aCancelledGenerationReturnsTheTokensSoFar() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var cancellation = new Cancellation();
      var received = new ArrayList<Long>();
      var request =
          GenerationRequest.builder(PROMPT, UNLIMITED)
              .listener(
                  (row, token) -> {
                    received.add(token);
                    if (received.size() == 7) {
                      cancellation.cancel();
                    }
                  })
              .build();
      var generation = Generator.of(model).generate(request, cancellation);
      assertArrayEquals(TinyModels.greedy(Integer.MAX_VALUE, 7, 1), generation.tokens(0));
      assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
    }
  }

  @Test
  void aGenerationEndsAtItsDeadline() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var request = GenerationRequest.builder(PROMPT, UNLIMITED).build();
      var deadline = Cancellation.after(Duration.ofMillis(50));
      var generation = Generator.of(model).generate(request, deadline);
      assertEquals(FinishReason.DEADLINE, generation.finishReason(0));
    }
  }

  @Test
  void optionsGenerateAgainAfterADeadline() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options = GenerationOptions.builder(5).greedy().build();
      var request = GenerationRequest.builder(PROMPT, options).build();
      var generator = Generator.of(model);
      var expired = generator.generate(request, Cancellation.after(Duration.ZERO));
      assertEquals(0, expired.size());
      assertEquals(5, generator.generate(request, new Cancellation()).size());
      assertEquals(5, generator.generate(PROMPT, options).size());
    }
  }

  @Test
  void anInterruptOfItsThreadEndsAGeneration() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var request =
          GenerationRequest.builder(PROMPT, UNLIMITED)
              .listener((row, token) -> Thread.currentThread().interrupt())
              .build();
      var generation = Generator.of(model).generate(request);
      assertEquals(1, generation.size());
      assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
    } finally {
      assertTrue(Thread.interrupted(), "the thread is still interrupted");
    }
  }

  @Test
  void aCancelledCallInTheListenerFailsTheGeneration() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var other = TokenLoop.of(model)) {
      var cancelled = new Cancellation();
      cancelled.cancel();
      assertThrows(
          CancelledException.class,
          () -> generate(model, (row, token) -> other.feed(new long[] {1}, cancelled)));
    }
  }

  @Test
  void anExceptionOfTheListenerEndsTheGeneration() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      assertThrows(
          IllegalStateException.class,
          () ->
              generate(
                  model,
                  (row, token) -> {
                    throw new IllegalStateException("enough");
                  }));
    }
  }

  private static void generate(OnnxModel model, TokenListener listener) {
    var options = GenerationOptions.builder(3).build();
    Generator.of(model)
        .generate(GenerationRequest.builder(PROMPT, options).listener(listener).build());
  }

  @Test
  void aLengthOfZeroGeneratesNothing() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options = GenerationOptions.builder(0).build();
      var generation = Generator.of(model).generate(PROMPT, options);
      assertEquals(0, generation.size());
      assertEquals(FinishReason.LENGTH, generation.finishReason(0));
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.generation.GeneratorTest#models")
  void aGenerationIsRejectedOnlyBeforeItsFirstToken(TinyModel tiny) {
    var one = ModelOptions.builder().runLimit(RunLimit.of(1, 0)).build();
    try (var model =
        OnnxModel.load(tiny.metadata("transonnx.max_length", "9").write(folder), one)) {
      var generations =
          Stream.generate(() -> CompletableFuture.supplyAsync(() -> tokens(model)))
              .limit(4)
              .toList();
      assertTrue(generations.stream().mapToInt(CompletableFuture::join).max().orElseThrow() > 0);
    }
  }

  /** The number of tokens of a generation: all, or none if it is rejected. */
  private static int tokens(OnnxModel model) {
    var received = new AtomicInteger();
    var options = GenerationOptions.builder(300).greedy().build();
    var request =
        GenerationRequest.builder(new long[][] {{1, 2}}, options)
            .listener((row, token) -> received.incrementAndGet())
            .build();
    try {
      return Generator.of(model).generate(request).tokens(0).length;
    } catch (BusyException e) {
      assertEquals(0, received.get(), "tokens of a rejected generation");
      return 0;
    }
  }

  @Test
  void aClosedModelIsReported() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    var generator = Generator.of(model);
    model.close();
    var options = GenerationOptions.builder(1).build();
    assertThrows(ClosedException.class, () -> generator.generate(new long[] {1}, options));
  }
}
