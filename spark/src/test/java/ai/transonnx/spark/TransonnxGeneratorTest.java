package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.text.Tokenizers;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;

class TransonnxGeneratorTest {
  private static final List<String> PROMPTS =
      List.of("In the beginning", "And God said", "The LORD", "Blessed", "And it came to pass");

  private static TransonnxGenerator generator() {
    return new TransonnxGenerator()
        .setModelPath(TestModels.language().toString())
        .setInputCol("text")
        .setOutputCol("continuation")
        .setMaxTokens(12);
  }

  private static List<String> values(Dataset<Row> rows) {
    return rows.orderBy("id").select("continuation").collectAsList().stream()
        .map(row -> row.getString(0))
        .toList();
  }

  private static List<String> greedily(GenerationOptions options) {
    try (var model = OnnxModel.load(TestModels.language());
        var tokenizer = Tokenizers.of(model)) {
      var generator = Generator.of(model);
      return PROMPTS.stream()
          .map(prompt -> GenerationRequest.builder(tokenizer, List.of(prompt), options).build())
          .map(request -> generator.generate(request).text(0))
          .toList();
    }
  }

  @Test
  void temperatureZeroSelectsTheMostLikelyTokens() {
    var rows = SharedSpark.rows(PROMPTS, 2);
    var expected = greedily(GenerationOptions.builder(12).greedy().build());
    assertEquals(expected, values(generator().setTemperature(0).transform(rows)));
  }

  @Test
  void stopTextsAndTokensEndARow() {
    var rows = SharedSpark.rows(PROMPTS, 1);
    var options =
        GenerationOptions.builder(12)
            .greedy()
            .stopTexts(List.of("the"))
            .stopTokens(java.util.Set.of(44L));
    var continued = generator().setTemperature(0).setStop("the").setStopTokens(44).transform(rows);
    assertEquals(greedily(options.build()), values(continued));
  }

  @Test
  void neitherOrderNorPartitionsChangeWhatIsDrawn() {
    var prompts =
        IntStream.range(0, 20).mapToObj(i -> PROMPTS.get(i % 5) + " ".repeat(i / 5)).toList();
    var expected = values(generator().transform(SharedSpark.rows(prompts, 1)));
    var backwards = SharedSpark.rows(prompts, 1).sort(org.apache.spark.sql.functions.desc("id"));
    assertEquals(expected, values(generator().transform(backwards)));
    assertEquals(expected, values(generator().transform(SharedSpark.rows(prompts, 6))));
  }

  @Test
  void sharedStepsDrawTheSameTokens() {
    var prompts =
        IntStream.range(0, 20).mapToObj(i -> PROMPTS.get(i % 5) + " ".repeat(i / 5)).toList();
    var rows = SharedSpark.rows(prompts, 2);
    var shared = generator().setExact(false).setBatchSize(4).transform(rows);
    assertEquals(values(generator().transform(rows)), values(shared));
  }

  @Test
  void equalPromptsDifferOnlyByTheirKeys() {
    var rows = SharedSpark.rows(List.of("The", "The", "The", "The"), 2);
    assertEquals(1, new HashSet<>(values(generator().transform(rows))).size());
    assertEquals(4, new HashSet<>(values(generator().setSeedCol("id").transform(rows))).size());
  }

  @Test
  void anotherSeedDrawsOtherTokens() {
    var rows = SharedSpark.rows(PROMPTS, 1);
    assertNotEquals(
        values(generator().transform(rows)), values(generator().setSeed(1).transform(rows)));
  }

  @Test
  void filtersLimitWhatIsDrawn() {
    var rows = SharedSpark.rows(PROMPTS, 1);
    var expected = greedily(GenerationOptions.builder(12).greedy().build());
    assertEquals(expected, values(generator().setTopK(1).transform(rows)));
    assertEquals(expected, values(generator().setTopP(1e-9).transform(rows)));
    assertEquals(expected, values(generator().setMinP(1).transform(rows)));
  }

  @Test
  void anInvalidPromptIsKeptWithItsReason() {
    for (boolean exact : new boolean[] {true, false}) {
      var rows = SharedSpark.rows(Arrays.asList("", null, "The"), 1);
      var continued =
          generator()
              .setExact(exact)
              .setHandleInvalid("keep")
              .setErrorCol("reason")
              .transform(rows)
              .orderBy("id")
              .select("reason")
              .collectAsList();
      assertEquals(
          "the text has no tokens; a prompt has one or more", continued.get(0).getString(0));
      assertEquals("the text is null", continued.get(1).getString(0));
      assertTrue(continued.get(2).isNullAt(0));
    }
  }

  @Test
  void parametersWithoutEffectAreRefused() {
    assertRefusal("temperature is 0", generator().setTemperature(0).setTopK(5));
    assertRefusal("temperature is 0", generator().setTemperature(0).setSeedCol("id"));
    assertRefusal("a stop text is empty", generator().setStop(""));
    assertRefusal("stop token -1 is negative", generator().setStopTokens(-1));
    assertRefusal("seedCol is 'key'; there is no such column", generator().setSeedCol("key"));
    assertThrows(IllegalArgumentException.class, () -> generator().setTopP(0));
  }

  private static void assertRefusal(String start, TransonnxGenerator generator) {
    var failure =
        assertThrows(RequestException.class, () -> generator.transformSchema(SharedSpark.TEXTS));
    assertTrue(failure.getMessage().startsWith(start), failure::getMessage);
  }
}
