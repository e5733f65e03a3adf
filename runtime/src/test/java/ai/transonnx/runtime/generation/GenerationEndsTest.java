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

/** How a generation ends. */
final class GenerationEndsTest {
  @TempDir private Path folder;

  @Test
  void aStopTokenEndsItsRow() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      long[][] prompts = {{1}, {3}};
      long[] first = TinyModels.continued(Integer.MAX_VALUE, 20, 1);
      long[] second = TinyModels.continued(Integer.MAX_VALUE, 20, 3);
      var options = GenerationOptions.builder(20).greedy().stopTokens(Set.of(first[2])).build();
      var generation = new Generator(model).generate(prompts, options);
      assertArrayEquals(until(first[2], first), generation.tokens(0));
      assertArrayEquals(until(first[2], second), generation.tokens(1));
      assertNotEquals(generation.tokens(0).length, generation.tokens(1).length);
      assertEquals(FinishReason.STOP, generation.finishReason(0));
      assertEquals(FinishReason.STOP, generation.finishReason(1));
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
  void aCancelledGenerationGivesTheTokensSoFar() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var cancellation = new Cancellation();
      var heard = new ArrayList<Long>();
      var options =
          GenerationOptions.builder(Integer.MAX_VALUE)
              .greedy()
              .cancellation(cancellation)
              .listener(
                  (row, token) -> {
                    heard.add(token);
                    if (heard.size() == 7) {
                      cancellation.cancel();
                    }
                  })
              .build();
      var generation = new Generator(model).generate(new long[] {1}, options);
      assertArrayEquals(TinyModels.continued(Integer.MAX_VALUE, 7, 1), generation.tokens(0));
      assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
    }
  }

  @Test
  void aGenerationEndsWhenItsTimeIsUp() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options =
          GenerationOptions.builder(Integer.MAX_VALUE)
              .greedy()
              .cancellation(Cancellation.after(Duration.ofMillis(50)))
              .build();
      var generation = new Generator(model).generate(new long[] {1}, options);
      assertEquals(FinishReason.DEADLINE, generation.finishReason(0));
    }
  }

  @Test
  void anInterruptOfItsThreadEndsAGeneration() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options =
          GenerationOptions.builder(Integer.MAX_VALUE)
              .listener((row, token) -> Thread.currentThread().interrupt())
              .build();
      var generation = new Generator(model).generate(new long[] {1}, options);
      assertEquals(1, generation.size());
      assertEquals(FinishReason.CANCELLED, generation.finishReason(0));
    } finally {
      assertTrue(Thread.interrupted(), "the interrupt is still there");
    }
  }

  @Test
  void aCancelledCallOfTheListenerIsNotTheGenerations() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder));
        var other = TokenLoop.of(model)) {
      var cancelled = new Cancellation();
      cancelled.cancel();
      var options =
          GenerationOptions.builder(3)
              .listener((row, token) -> other.feed(new long[] {1}, cancelled))
              .build();
      var generator = new Generator(model);
      assertThrows(CancelledException.class, () -> generator.generate(new long[] {1}, options));
    }
  }

  @Test
  void whatTheListenerThrowsEndsTheGeneration() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options =
          GenerationOptions.builder(3)
              .listener(
                  (row, token) -> {
                    throw new IllegalStateException("enough");
                  })
              .build();
      var generator = new Generator(model);
      assertThrows(IllegalStateException.class, () -> generator.generate(new long[] {1}, options));
    }
  }

  @Test
  void noTokensMayBeAskedFor() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options = GenerationOptions.builder(0).build();
      var generation = new Generator(model).generate(new long[] {1}, options);
      assertEquals(0, generation.size());
      assertEquals(FinishReason.LENGTH, generation.finishReason(0));
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.generation.GeneratorTest#models")
  void aGenerationIsTurnedAwayAtItsStartOrNotAtAll(TinyModel tiny) {
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

  /** How many tokens come of a generation of many: all, or none if it is turned away. */
  private static int tokens(OnnxModel model) {
    var told = new AtomicInteger();
    var options =
        GenerationOptions.builder(300)
            .greedy()
            .listener((row, token) -> told.incrementAndGet())
            .build();
    try {
      return new Generator(model).generate(new long[] {1, 2}, options).tokens(0).length;
    } catch (BusyException e) {
      assertEquals(0, told.get(), "tokens of a generation that was turned away");
      return 0;
    }
  }

  @Test
  void aClosedModelSaysSo() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    var generator = new Generator(model);
    model.close();
    var options = GenerationOptions.builder(1).build();
    assertThrows(ClosedException.class, () -> generator.generate(new long[] {1}, options));
  }
}
