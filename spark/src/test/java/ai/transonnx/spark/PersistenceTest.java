package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The conventions that Spark's DefaultReadWriteTest checks, and the files of a transformer. */
@Tag("cluster")
class PersistenceTest {
  private static final List<String> TEXTS = List.of("In the beginning", "God", "Amen");

  @TempDir private Path folder;

  private static TransonnxScorer scorer(Path model) {
    return new TransonnxScorer()
        .setModelPath(model.toString())
        .setInputCol("text")
        .setOutputCol("output");
  }

  private static TransonnxGenerator generator(Path model) {
    return new TransonnxGenerator()
        .setModelPath(model.toString())
        .setInputCol("text")
        .setOutputCol("output");
  }

  private static List<Row> rows(TextTransformer<?> transformer) {
    return transformer.transform(SharedSpark.rows(TEXTS, 1)).orderBy("id").collectAsList();
  }

  /** Writes and reads as Spark's DefaultReadWriteTest does, and compares the parameters. */
  private <T extends TextTransformer<T>> T writtenAndRead(T transformer) throws Exception {
    String path = folder.resolve(transformer.uid()).toString();
    transformer.save(path);
    assertThrows(IOException.class, () -> transformer.save(path));
    transformer.write().overwrite().save(path);
    var reader = (MLReader<?>) transformer.getClass().getMethod("read").invoke(null);
    var read = (TextTransformer<?>) reader.load(path);
    assertEquals(transformer.uid(), read.uid());
    for (var param : transformer.params()) {
      assertEquals(
          transformer.isDefined(param), read.isDefined(read.getParam(param.name())), param.name());
      if (transformer.isDefined(param)) {
        var value = transformer.getOrDefault(param);
        assertEquals(text(value), text(read.getOrDefault(read.getParam(param.name()))));
      }
    }
    @SuppressWarnings("unchecked")
    var loaded = (T) transformer.getClass().getMethod("load", String.class).invoke(null, path);
    assertEquals(transformer.uid(), loaded.uid());
    return loaded;
  }

  private static String text(Object value) {
    return Arrays.deepToString(new Object[] {value});
  }

  @Test
  void aScorerKeepsItsParametersAndResults() throws Exception {
    var scorer = scorer(TestModels.language()).setScore("logLikelihood").setBatchSize(7);
    var read = writtenAndRead(scorer.setTruncate(true).setHandleInvalid("skip"));
    assertEquals(rows(scorer), rows(read));
  }

  @Test
  void anEmbedderKeepsItsParametersAndResults() throws Exception {
    var embedder =
        new TransonnxEmbedder()
            .setModelPath(TestModels.embedding().toString())
            .setInputCol("text")
            .setOutputCol("output")
            .setOutputType("array");
    assertEquals(rows(embedder), rows(writtenAndRead(embedder)));
  }

  @Test
  void aGeneratorKeepsItsParametersAndResults() throws Exception {
    var generator =
        generator(TestModels.language())
            .setMaxTokens(5)
            .setTemperature(0.7)
            .setTopK(9)
            .setTopP(0.9)
            .setMinP(0.01)
            .setStop("LORD", "God")
            .setStopTokens(10, 13)
            .setSeed(8)
            .setSeedCol("id")
            .setExact(false);
    assertEquals(rows(generator), rows(writtenAndRead(generator)));
  }

  @Test
  void aTransformerWithoutParametersCanBeWritten() throws Exception {
    var read = writtenAndRead(new TransonnxScorer());
    assertFalse(read.isDefined(read.modelPath()));
  }

  @Test
  void whatIsReadUsesCopiesOfModelWeightsAndTokenizer() throws Exception {
    var model = TestModels.wordsWithFiles(folder.resolve("original"));
    var scorer = scorer(model);
    var expected = rows(scorer);
    var read = writtenAndRead(scorer);
    try (var files = Files.list(model.getParent())) {
      for (var file : files.toList()) {
        Files.delete(file);
      }
    }
    assertEquals(expected, rows(read));
    assertEquals(expected, rows(read.copy(new ParamMap())));
    assertEquals(model.toString(), read.getModelPath());
    assertTrue(read.modelLocation().endsWith("/model/model.onnx"), read.modelLocation());
  }

  @Test
  void aPathThatIsSetReplacesTheCopy() throws Exception {
    var read = writtenAndRead(scorer(TestModels.language()));
    assertEquals(
        "/other.onnx",
        read.copy(new ParamMap().put(read.modelPath(), "/other.onnx")).modelLocation());
    assertEquals("/other.onnx", read.setModelPath("/other.onnx").modelLocation());
  }

  @Test
  void aTokenizerOfItsOwnIsCopied() throws Exception {
    var tokenizer = folder.resolve("own.json");
    Files.copy(TestModels.TOKENIZER, tokenizer);
    var scorer = scorer(TestModels.words()).setTokenizerPath(tokenizer.toString());
    var expected = rows(scorer);
    var read = writtenAndRead(scorer);
    Files.delete(tokenizer);
    assertEquals(expected, rows(read));
    assertTrue(read.tokenizerLocation().orElseThrow().endsWith("/tokenizer/tokenizer.json"));
  }

  @Test
  void aPipelineIsReadWithItsStages() throws Exception {
    var stages =
        new PipelineStage[] {
          scorer(TestModels.language()),
          generator(TestModels.language()).setOutputCol("next").setMaxTokens(3)
        };
    var data = SharedSpark.rows(TEXTS, 1);
    var model = new Pipeline().setStages(stages).fit(data);
    var path = folder.resolve("pipeline").toString();
    model.save(path);
    assertEquals(
        model.transform(data).orderBy("id").collectAsList(),
        PipelineModel.load(path).transform(data).orderBy("id").collectAsList());
  }

  @Test
  void aFailureLeavesNothingBehind() {
    var path = folder.resolve("none");
    var scorer = scorer(folder.resolve("missing.onnx"));
    assertThrows(InputException.class, () -> scorer.save(path.toString()));
    assertFalse(Files.exists(path));
  }
}
