package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.sampling.Sampling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
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
  void greedySelectsTheMostLikelyTokenAtEachStep(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(30).greedy().build();
      var generation = Generator.of(model).generate(new long[] {1, 2}, options);
      assertArrayEquals(TinyModels.greedy(Integer.MAX_VALUE, 30, 1, 2), generation.tokens(0));
      assertEquals(FinishReason.LENGTH, generation.finishReason(0));
    }
  }

  @ParameterizedTest
  @MethodSource("models")
  void theWindowSlidesBeyondTheMaximumLength(TinyModel tiny) {
    tiny.metadata("transonnx.max_length", "5");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(40).greedy().build();
      var generation = Generator.of(model).generate(new long[] {3, 1, 4}, options);
      assertArrayEquals(TinyModels.greedy(5, 40, 3, 1, 4), generation.tokens(0));
    }
  }

  @Test
  void theListenerReceivesEachTokenInOrder() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var received = new ArrayList<String>();
      var options = GenerationOptions.builder(3).greedy().build();
      var request =
          GenerationRequest.builder(new long[][] {{1}, {2}}, options)
              .listener((row, token) -> received.add(row + ":" + token))
              .build();
      Generator.of(model).generate(request);
      long[] a = TinyModels.greedy(Integer.MAX_VALUE, 3, 1);
      long[] b = TinyModels.greedy(Integer.MAX_VALUE, 3, 2);
      assertEquals(
          List.of("0:" + a[0], "1:" + b[0], "0:" + a[1], "1:" + b[1], "0:" + a[2], "1:" + b[2]),
          received);
    }
  }

  @Test
  void theSameSeedGivesTheSameTokens() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      assertArrayEquals(sampled(model, 5), sampled(model, 5));
      assertNotEquals(Arrays.toString(sampled(model, 5)), Arrays.toString(sampled(model, 6)));
    }
  }

  @Test
  void withoutASeedEachGenerationIsDifferent() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var sampling = Sampling.builder().unfiltered().build();
      var options = GenerationOptions.builder(40).selector(sampling).build();
      var generator = Generator.of(model);
      var first = generator.generate(new long[] {1}, options);
      var second = generator.generate(new long[] {1}, options);
      assertNotEquals(Arrays.toString(first.tokens(0)), Arrays.toString(second.tokens(0)));
      assertNotEquals(first.seed(), second.seed());
    }
  }

  @Test
  void theSeedOfAGenerationRepeatsIt() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var sampling = Sampling.builder().unfiltered().build();
      var options = GenerationOptions.builder(40).selector(sampling).build();
      var generation = Generator.of(model).generate(new long[] {1}, options);
      assertArrayEquals(generation.tokens(0), sampled(model, generation.seed().orElseThrow()));
    }
  }

  @Test
  void aGreedyGenerationHasNoSeed() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var options = GenerationOptions.builder(2).greedy().build();
      var generation = Generator.of(model).generate(new long[] {1}, options);
      assertEquals(OptionalLong.empty(), generation.seed());
    }
  }

  private static long[] sampled(OnnxModel model, long seed) {
    var options =
        GenerationOptions.builder(40)
            .selector(Sampling.builder().unfiltered().seed(seed).build())
            .build();
    return Generator.of(model).generate(new long[] {1}, options).tokens(0);
  }

  @Test
  void theListenerIsCalledOnceWhenTheWindowIsRecomputed() {
    var tiny = TinyModels.stateful().metadata("transonnx.max_length", "5");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var received = new ArrayList<String>();
      var listener =
          new TokenListener() {
            @Override
            public void onToken(int row, long token) {
              received.add("token");
            }

            @Override
            public void onRecomputing(String reason) {
              received.add(reason);
            }
          };
      var options = GenerationOptions.builder(5).greedy().build();
      var prompts = new long[][] {{1, 2, 3}};
      Generator.of(model)
          .generate(GenerationRequest.builder(prompts, options).listener(listener).build());
      var reason = "its context window of 5 positions is full";
      assertEquals(List.of("token", "token", "token", reason, "token", "token"), received);
    }
  }
}
