package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The requests that a generator accepts and rejects. */
final class GenerationRequestsTest {
  @TempDir private Path folder;

  @Test
  void aPromptMayHaveTokensWithoutLogits() {
    var tiny = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "20");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var options = GenerationOptions.builder(1).greedy().build();
      var generation = Generator.of(model).generate(new long[] {15}, options);
      assertArrayEquals(new long[] {TinyModels.next(15)}, generation.tokens(0));
    }
  }

  @ParameterizedTest
  @MethodSource("ai.transonnx.runtime.generation.GeneratorTest#models")
  void aSelectedTokenWithoutAnEmbeddingIsNamed(TinyModel tiny) {
    tiny.metadata("transonnx.num_tokens.tokens", "5").metadata("transonnx.ragged", "true");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var generator = Generator.of(model);
      var options = GenerationOptions.builder(2).greedy().build();
      var e =
          assertThrows(TokenException.class, () -> generator.generate(new long[] {4, 3}, options));
      assertEquals(
          "token 8 at row 0, which has a logit but no embedding,"
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
  void inputsMustHaveARowForEachPrompt() {
    var tiny = TinyModels.stateful().input("context", ElementType.FLOAT32, "batch", "m");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var generator = Generator.of(model);
      var options = GenerationOptions.builder(1).build();
      var context = Map.of("context", Tensor.ofFloats(new float[2], 1, 2));
      var request =
          GenerationRequest.builder(new long[][] {{1}, {2, 3}}, options).inputs(context).build();
      var e = assertThrows(RequestException.class, () -> generator.generate(request));
      assertEquals("input 'context' is float32[1, 2] for 2 rows", e.getMessage());
    }
  }

  @Test
  void invalidPromptsAreRejected() {
    assertRejected("there is no prompt", new long[0][]);
    assertRejected("the prompt is empty", new long[][] {{}});
    assertRejected("the prompt of row 1 is empty", new long[][] {{1}, {}});
    assertRejected(
        "token 11 at position 1 of row 0 is not in the vocabulary: 0 to 10",
        new long[][] {{1, 11}});
    assertRejected("token -1 at position 0 of row 0", new long[][] {{-1}});
    assertRejected(
        "token 11 at position 2 of row 1 is not in the vocabulary: 0 to 10",
        new long[][] {{1, 2}, {1, 2, 11}, {1, 2}});
  }

  private void assertRejected(String why, long[][] prompts) {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var generator = Generator.of(model);
      var options = GenerationOptions.builder(3).build();
      var e = assertThrows(RequestException.class, () -> generator.generate(prompts, options));
      assertTrue(e.getMessage().contains(why), e.getMessage());
    }
  }

  @Test
  void invalidOptionsAreRejected() {
    assertThrows(RequestException.class, () -> GenerationOptions.builder(-1).build());
    assertThrows(
        RequestException.class, () -> GenerationOptions.builder(1).stopTokens(Set.of(-1L)).build());
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var generator = Generator.of(model);
      var options = GenerationOptions.builder(1).stopTokens(Set.of(11L)).build();
      assertThrows(RequestException.class, () -> generator.generate(new long[] {1}, options));
    }
  }
}
