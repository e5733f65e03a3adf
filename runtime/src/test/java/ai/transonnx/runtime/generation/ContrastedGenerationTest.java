package ai.transonnx.runtime.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import ai.transonnx.runtime.sampling.ContrastiveDecoding;
import ai.transonnx.runtime.sampling.Sampling;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Generation with an expert and an amateur. */
final class ContrastedGenerationTest {
  private static final GenerationOptions GREEDY = GenerationOptions.builder(12).greedy().build();

  @TempDir private Path folder;

  /** A model whose logits at each position are those of the table's row of the position's token. */
  private static TinyModel bigrams(float[][] table) {
    int vocabulary = table.length;
    var values = new float[vocabulary * vocabulary];
    for (int i = 0; i < vocabulary; i++) {
      System.arraycopy(table[i], 0, values, i * vocabulary, vocabulary);
    }
    return new TinyModel()
        .input("tokens", ElementType.INT64, "batch", "n")
        .floats("values", values)
        .longs("sizes", vocabulary, vocabulary)
        .node("Reshape", List.of("values", "sizes"), "table")
        .node("Gather", List.of("table", "tokens"), "logits", 0)
        .output("logits", ElementType.FLOAT32, "batch", "n", vocabulary);
  }

  private static final float[][] EXPERT = {{0, 2, 1.9f}, {1, 0, 0.9f}, {0, 1, 0}};
  private static final float[][] AMATEUR = {{0, 3, 1}, {-9, 0, 9}, {0, 1, 0}};

  private long[] generated(ContrastiveDecoding contrast, long... prompt) {
    try (var expert = OnnxModel.load(bigrams(EXPERT).write(folder));
        var amateur = OnnxModel.load(bigrams(AMATEUR).write(folder))) {
      var options = GenerationOptions.builder(4).greedy().build();
      var request =
          GenerationRequest.builder(new long[][] {prompt}, options)
              .amateur(amateur, contrast)
              .build();
      return Generator.of(expert).generate(request).tokens(0);
    }
  }

  @Test
  void tokensThatTheAmateurPrefersAreLessLikely() {
    // After 0: {0, 1.5, 2.35}; after 1: {6, 0, -3.15}; after 2: {0, 1, 0}.
    assertArrayEquals(new long[] {2, 1, 0, 2}, generated(new ContrastiveDecoding(0.1, 0.5), 0));
    // The expert alone.
    assertArrayEquals(new long[] {1, 0, 1, 0}, generated(new ContrastiveDecoding(0.1, 0), 0));
    // 1.9 is less than ln 0.95 below 2, so that only the expert's own choice is left.
    assertArrayEquals(new long[] {1, 0, 1, 0}, generated(new ContrastiveDecoding(0.95, 0.5), 0));
  }

  @Test
  void bothModelsSeeTheWholeTextOfEachRow() {
    long[][] prompts = {{1, 2}, {3}, {5, 1, 1}};
    try (var expert = OnnxModel.load(TinyModels.stateful().write(folder));
        var amateur = OnnxModel.load(TinyModels.stateless().write(folder))) {
      // Equal logits of both models leave half of the expert's, in any order.
      var contrast = new ContrastiveDecoding(0.1, 0.5);
      var request = GenerationRequest.builder(prompts, GREEDY).amateur(amateur, contrast).build();
      var generation = Generator.of(expert).generate(request);
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            TinyModels.greedy(Integer.MAX_VALUE, 12, prompts[row]), generation.tokens(row));
      }
      assertEquals(36, generation.size());
    }
  }

  @Test
  void severalAmateursAreSubtractedInOrder() {
    float[][] third = {{-3, 0, 3}, {0, 0, 0}, {0, 0, 0}};
    try (var expert = OnnxModel.load(bigrams(EXPERT).write(folder));
        var amateur = OnnxModel.load(bigrams(AMATEUR).write(folder));
        var another = OnnxModel.load(bigrams(third).write(folder))) {
      var contrast = new ContrastiveDecoding(0, 1);
      var options = GenerationOptions.builder(1).greedy().build();
      // {0, 4, 3.8} - {0, 3, 1} = {0, 1, 2.8}, then {0, 2, 5.6} - {-3, 0, 3} = {3, 2, 2.6}.
      var request =
          GenerationRequest.builder(new long[][] {{0}}, options)
              .amateur(amateur, contrast)
              .amateur(another, contrast)
              .build();
      assertArrayEquals(new long[] {0}, Generator.of(expert).generate(request).tokens(0));
    }
  }

  @Test
  void samplingHasNoFilterUnlessOneIsSet() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var plain = Sampling.builder().seed(7).build();
      var contrast = new ContrastiveDecoding(0, 0.5);
      var unfiltered = contrasted(model, plain, contrast);
      assertTrue(Arrays.stream(unfiltered).distinct().count() > 2); // the default keeps one token
      var set = Sampling.builder().seed(7).topK(1).build();
      assertArrayEquals(
          TinyModels.greedy(Integer.MAX_VALUE, 30, 1), contrasted(model, set, contrast));
      assertFalse(Arrays.equals(unfiltered, contrasted(model, set, contrast)));
    }
  }

  private static long[] contrasted(
      OnnxModel model, Sampling sampling, ContrastiveDecoding contrast) {
    var options = GenerationOptions.builder(30).selector(sampling).build();
    var request =
        GenerationRequest.builder(new long[][] {{1}}, options).amateur(model, contrast).build();
    return Generator.of(model).generate(request).tokens(0);
  }

  @Test
  void anAmateurOfAnotherVocabularyIsRejected() {
    try (var expert = OnnxModel.load(TinyModels.stateful().write(folder));
        var amateur = OnnxModel.load(bigrams(AMATEUR).write(folder))) {
      var contrast = ContrastiveDecoding.ofLibrary();
      var request =
          GenerationRequest.builder(new long[][] {{1}}, GREEDY).amateur(amateur, contrast).build();
      var generator = Generator.of(expert);
      var refusal = assertThrows(RequestException.class, () -> generator.generate(request));
      assertEquals(
          "the model has 11 logits and the amateur 3; both need the same vocabulary",
          refusal.getMessage());
    }
  }

  @Test
  void aTokenThatTheAmateurHasNoEmbeddingOfIsRejected() {
    var small = TinyModels.stateless().metadata("transonnx.num_tokens.tokens", "5");
    try (var expert = OnnxModel.load(TinyModels.stateful().write(folder));
        var amateur = OnnxModel.load(small.write(folder))) {
      var contrast = ContrastiveDecoding.ofLibrary();
      var request =
          GenerationRequest.builder(new long[][] {{7}}, GREEDY).amateur(amateur, contrast).build();
      var generator = Generator.of(expert);
      assertThrows(TokenException.class, () -> generator.generate(request));
    }
  }
}
