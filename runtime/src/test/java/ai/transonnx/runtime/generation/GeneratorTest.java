package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.ElementType;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunLimit;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import ai.transonnx.runtime.sampling.Sampling;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class GeneratorTest {
  @TempDir private Path folder;

  static Stream<TinyModel> models() {
    return Stream.of(TinyModels.stateful(), TinyModels.stateless(), TinyModels.growing());
  }

  @ParameterizedTest
  @MethodSource("models")
  void greedyTakesTheLikeliestAtEachStep(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(30).greedy().build();
      var generation = new Generator(model).generate(new long[] {1, 2}, options);
      assertArrayEquals(TinyModels.continued(Integer.MAX_VALUE, 30, 1, 2), generation.tokens(0));
      assertEquals(FinishReason.LENGTH, generation.finishReason(0));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theWindowSlidesBeyondTheMaximumLength(TinyModel tiny) {
    tiny.metadata("transonnx.max_length", "5");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(40).greedy().build();
      var generation = new Generator(model).generate(new long[] {3, 1, 4}, options);
      assertArrayEquals(TinyModels.continued(5, 40, 3, 1, 4), generation.tokens(0));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aGenerationIsTurnedAwayAtItsStartOrNotAtAll(TinyModel tiny) {
    var one = ModelOptions.builder().runLimit(new RunLimit(1, 0)).build();
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
  void aModelMayTakeTokensThatItDoesNotScore() {
    var tiny = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "20");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(1).greedy().build();
      var generation = new Generator(model).generate(new long[] {15}, options);
      assertArrayEquals(new long[] {TinyModels.next(15)}, generation.tokens(0));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void aChosenTokenThatTheModelDoesNotTakeIsNamed(TinyModel tiny) {
    tiny.metadata("transonnx.num_tokens.tokens", "5").metadata("transonnx.ragged", "true");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var generator = new Generator(model);
      var options = GenerationOptions.builder(2).greedy().build();
      var e =
          assertThrows(TokenException.class, () -> generator.generate(new long[] {4, 3}, options));
      assertEquals(
          "token 8 at row 0, which the model scores but does not take,"
              + " is not in the vocabulary: 0 to 4",
          e.getMessage());
      var last = GenerationOptions.builder(1).greedy().build();
      assertArrayEquals(new long[] {8}, generator.generate(new long[] {4, 3}, last).tokens(0));
      var stopped = GenerationOptions.builder(4).greedy().stopTokens(Set.of(8L)).build();
      var generation = generator.generate(new long[][] {{4, 3}, {0}, {0, 0}}, stopped);
      assertArrayEquals(new long[] {8}, generation.tokens(0));
      assertArrayEquals(new long[] {1, 2, 4, 8}, generation.tokens(1));
      assertArrayEquals(new long[] {1, 2, 4, 8}, generation.tokens(2));
    }
  }

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

  @Test
  void theListenerHearsEachTokenInOrder() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var heard = new ArrayList<String>();
      var options =
          GenerationOptions.builder(3)
              .greedy()
              .listener((row, token) -> heard.add(row + ":" + token))
              .build();
      new Generator(model).generate(new long[][] {{1}, {2}}, options);
      long[] a = TinyModels.continued(Integer.MAX_VALUE, 3, 1);
      long[] b = TinyModels.continued(Integer.MAX_VALUE, 3, 2);
      assertEquals(
          List.of("0:" + a[0], "1:" + b[0], "0:" + a[1], "1:" + b[1], "0:" + a[2], "1:" + b[2]),
          heard);
    }
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
  void theSameSeedGivesTheSameTokens() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      assertArrayEquals(sampled(model, 5), sampled(model, 5));
      assertNotEquals(Arrays.toString(sampled(model, 5)), Arrays.toString(sampled(model, 6)));
    }
  }

  private static long[] sampled(OnnxModel model, long seed) {
    var options =
        GenerationOptions.builder(40)
            .selection(Sampling.builder().unfiltered().seed(seed).build())
            .build();
    return new Generator(model).generate(new long[] {1}, options).tokens(0);
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

  @Test
  void theListenerHearsOnceThatTheWindowIsComputedAnew() {
    var tiny = TinyModels.stateful().metadata("transonnx.max_length", "5");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var heard = new ArrayList<String>();
      var listener =
          new TokenListener() {
            @Override
            public void onToken(int row, long token) {
              heard.add("token");
            }

            @Override
            public void onRecomputing(String reason) {
              heard.add(reason);
            }
          };
      var options = GenerationOptions.builder(5).greedy().listener(listener).build();
      new Generator(model).generate(new long[] {1, 2, 3}, options);
      var reason = "its window of 5 positions is full";
      assertEquals(List.of("token", "token", "token", reason, "token", "token"), heard);
    }
  }

  @Test
  void whatIsGivenHasARowForEachPrompt() {
    var tiny = TinyModels.stateful().input("context", ElementType.FLOAT32, "batch", "m");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var generator = new Generator(model);
      var options = GenerationOptions.builder(1).build();
      var context = Map.of("context", Tensor.ofFloats(new float[2], 1, 2));
      var e =
          assertThrows(
              RequestException.class,
              () -> generator.generate(new long[][] {{1}, {2, 3}}, context, options));
      assertEquals("input 'context' is float32[1, 2] for 2 rows", e.getMessage());
    }
  }

  @Test
  void impossiblePromptsAreRefused() {
    assertRefused("there is no prompt", new long[0][]);
    assertRefused("prompt 0 is empty", new long[][] {{}});
    assertRefused(
        "token 11 at position 1 of row 0 is not in the vocabulary: 0 to 10",
        new long[][] {{1, 11}});
    assertRefused("token -1 at position 0 of row 0", new long[][] {{-1}});
    assertRefused(
        "token 11 at position 2 of row 1 is not in the vocabulary: 0 to 10",
        new long[][] {{1, 2}, {1, 2, 11}, {1, 2}});
  }

  private void assertRefused(String why, long[][] prompts) {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var generator = new Generator(model);
      var options = GenerationOptions.builder(3).build();
      var e = assertThrows(RequestException.class, () -> generator.generate(prompts, options));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  @Test
  void impossibleOptionsAreRefused() {
    assertThrows(RequestException.class, () -> GenerationOptions.builder(-1).build());
    assertThrows(
        RequestException.class, () -> GenerationOptions.builder(1).stopTokens(Set.of(-1L)).build());
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var generator = new Generator(model);
      var options = GenerationOptions.builder(1).stopTokens(Set.of(11L)).build();
      assertThrows(RequestException.class, () -> generator.generate(new long[] {1}, options));
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

  private static long[] until(long stop, long[] tokens) {
    int end = 0;
    while (end < tokens.length && tokens[end] != stop) {
      end++;
    }
    return Arrays.copyOf(tokens, Math.min(end + 1, tokens.length));
  }
}
