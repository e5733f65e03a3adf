package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Prompts of different lengths in one generation. */
final class LoopBatchTest {
  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.generation.GeneratorTest#models")
  void rowsOfAnyLengthGenerateTheSameAsAlone(TinyModel tiny) {
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(20).greedy().build();
      long[][] prompts = {{1, 2}, {3, 4, 5}, {0, 0}, {7}};
      var generation = Generator.of(model).generate(prompts, options);
      assertEquals(4, generation.rows());
      assertEquals(80, generation.size());
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            TinyModels.greedy(Integer.MAX_VALUE, 20, prompts[row]),
            generation.tokens(row),
            "row " + row);
      }
    }
  }

  @Test
  void aModelThatSkipsPaddingIsGivenNone() {
    try (var model = OnnxModel.load(TinyModels.withStart().write(folder))) {
      var options = GenerationOptions.builder(20).greedy().build();
      long[][] prompts = {{1, 2}, {3, 4, 5}, {0, 0}, {7}};
      var generation = Generator.of(model).generate(prompts, options);
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            TinyModels.greedy(Integer.MAX_VALUE, 20, prompts[row]),
            generation.tokens(row),
            "row " + row);
      }
      var padding = Map.of("seq_start_pos", Tensor.ofLongs(new long[] {1, 0, 1, 2}, 4));
      var request = GenerationRequest.builder(prompts, options).inputs(padding).build();
      var generator = Generator.of(model);
      var refusal = assertThrows(RequestException.class, () -> generator.generate(request));
      assertEquals(
          "input 'seq_start_pos' is set by the loop, whose rows have no padding; feed each row its"
              + " own tokens alone",
          refusal.getMessage());
    }
  }

  @Test
  void rowsOfARaggedModelShareABatch() {
    var tiny = TinyModels.stateful().metadata("transonnx.ragged", "true");
    long[][] prompts = {{1, 2}, {3, 4, 5}, {0, 0}, {7}};
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(20).greedy().build();
      var generation = Generator.of(model).generate(prompts, options);
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            TinyModels.greedy(Integer.MAX_VALUE, 20, prompts[row]),
            generation.tokens(row),
            "row " + row);
      }
      assertEquals(1, loops(model, prompts, options));
    }
  }

  @Test
  void rowsWithoutRoomInTheirWindowAreNotBatched() {
    var tiny =
        TinyModels.stateful()
            .metadata("transonnx.ragged", "true")
            .metadata("transonnx.max_length", "6");
    long[][] prompts = {{1, 2, 3, 4, 5}, {6}, {7, 8}};
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(4).greedy().build();
      assertEquals(2, loops(model, prompts, options));
      var generation = Generator.of(model).generate(prompts, options);
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            TinyModels.greedy(6, 4, prompts[row]), generation.tokens(row), "row " + row);
      }
    }
  }

  @Test
  void rowsWithStatesOfDifferentSizesAreNotBatched() {
    var tiny = TinyModels.growing().metadata("transonnx.ragged", "true");
    long[][] prompts = {{1, 2}, {3}};
    try (var model = OnnxModel.load(tiny.write(folder))) {
      assertEquals(2, loops(model, prompts, GenerationOptions.builder(4).greedy().build()));
    }
  }

  /** The number of loops after the prefill. */
  private static int loops(OnnxModel model, long[][] prompts, GenerationOptions options) {
    var request = GenerationRequest.builder(prompts, options).build();
    try (var batch = new LoopBatch(model, request, request.inputs())) {
      batch.feed(prompts, row -> false, new Cancellation());
      return batch.count();
    }
  }
}
