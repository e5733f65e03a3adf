package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizers;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.feature.Binarizer;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

class TransonnxScorerTest {
  private static final List<String> TEXTS =
      List.of(
          "In the beginning",
          "God created",
          "the heaven",
          "and the earth",
          "Amen",
          "and it was so");

  private static TransonnxScorer scorer() {
    return new TransonnxScorer()
        .setModelPath(TestModels.language().toString())
        .setInputCol("text")
        .setOutputCol("bits");
  }

  private static double[] expected(String text) {
    try (var model = OnnxModel.load(TestModels.language());
        var tokenizer = Tokenizers.of(model)) {
      return Scorer.of(model).bits(tokenizer.encode(text));
    }
  }

  private static double mean(String text) {
    return DoubleStream.of(expected(text)).average().orElseThrow();
  }

  /** The values of the new column, in the order of the ids. */
  private static List<Object> values(Dataset<Row> rows) {
    return rows.orderBy("id").select("bits").collectAsList().stream().map(r -> r.get(0)).toList();
  }

  @Test
  void aScoreIsThatOfTheRuntime() {
    var bits = values(scorer().transform(SharedSpark.rows(TEXTS, 2)));
    assertEquals(TEXTS.stream().map(TransonnxScorerTest::mean).toList(), bits);
  }

  @Test
  void neitherPartitionsNorBatchesChangeAScore() {
    var texts = IntStream.range(0, 60).mapToObj(i -> TEXTS.get(i % 6).substring(i % 3)).toList();
    var alone = values(scorer().setExact(true).transform(SharedSpark.rows(texts, 1)));
    assertEquals(alone, values(scorer().transform(SharedSpark.rows(texts, 1))));
    assertEquals(alone, values(scorer().setBatchSize(3).transform(SharedSpark.rows(texts, 7))));
  }

  @Test
  void rowsKeepTheirOrderAndColumns() {
    var texts = IntStream.range(0, 700).mapToObj(i -> "a".repeat(2 + i * 7 % 11)).toList();
    var rows = SharedSpark.rows(texts, 1).coalesce(1).sortWithinPartitions("id");
    var scored = scorer().setBatchSize(2).transform(rows).collectAsList();
    for (int i = 0; i < texts.size(); i++) {
      assertEquals((long) i, scored.get(i).getLong(0));
      assertEquals(texts.get(i), scored.get(i).getString(1));
    }
  }

  @Test
  void theOutputCanBeTheLogLikelihoodOrTheBitsOfEachToken() {
    var rows = SharedSpark.rows(TEXTS.subList(0, 1), 1);
    double likelihood = scorer().setScore("logLikelihood").transform(rows).first().getDouble(2);
    double[] bits = expected(TEXTS.get(0));
    assertEquals(-Math.log(2) * DoubleStream.of(bits).sum(), likelihood);
    var tokens = scorer().setScore("tokenBits").transform(rows).first().<Double>getList(2);
    assertArrayEquals(bits, tokens.stream().mapToDouble(Double::doubleValue).toArray());
  }

  @Test
  void anInvalidRowIsKeptWithItsReason() {
    var texts = Arrays.asList("In the beginning", null, "x", "é", "y".repeat(300));
    var scored =
        scorer()
            .setHandleInvalid("keep")
            .setErrorCol("reason")
            .transform(SharedSpark.rows(texts, 2))
            .orderBy("id")
            .collectAsList();
    assertEquals(mean("In the beginning"), scored.get(0).getDouble(2));
    assertNull(scored.get(0).get(3));
    assertTrue(scored.stream().skip(1).allMatch(row -> row.isNullAt(2)));
    assertEquals("the text is null", scored.get(1).getString(3));
    assertEquals("the text has 1 tokens; 2 to 257 are possible", scored.get(2).getString(3));
    assertTrue(scored.get(3).getString(3).contains("195"), scored.get(3).getString(3));
    assertEquals("the text has 300 tokens; 2 to 257 are possible", scored.get(4).getString(3));
  }

  @Test
  void anInvalidRowIsSkipped() {
    var texts = Arrays.asList("In the beginning", null, "God");
    var scored = scorer().setHandleInvalid("skip").transform(SharedSpark.rows(texts, 1));
    assertEquals(List.of(mean("In the beginning"), mean("God")), values(scored));
  }

  @Test
  void anInvalidRowFailsTheJobByDefault() {
    var rows = scorer().transform(SharedSpark.rows(Arrays.asList("God", null), 1));
    var failure = assertThrows(SparkException.class, rows::collectAsList);
    assertTrue(
        failure.getMessage().contains("a row is invalid: the text is null"), failure::getMessage);
  }

  @Test
  void aLongTextIsCutOnRequest() {
    var rows = SharedSpark.rows(List.of("y".repeat(300)), 1);
    double bits = scorer().setTruncate(true).transform(rows).first().getDouble(2);
    assertEquals(mean("y".repeat(257)), bits);
  }

  @Test
  void aModelThatCannotScoreFailsWhateverHappensToInvalidRows() {
    var rows =
        scorer()
            .setModelPath(TestModels.embedding().toString())
            .setHandleInvalid("keep")
            .transform(SharedSpark.rows(TEXTS, 1));
    var failure = assertThrows(SparkException.class, rows::collectAsList);
    assertTrue(failure.getMessage().contains("it has no output 'logits'"), failure::getMessage);
  }

  @Test
  void aSchemaThatDoesNotFitIsRefused() {
    assertRefusal("inputCol is 'words'; there is no such column", scorer().setInputCol("words"));
    assertRefusal("inputCol is 'id', a column of type bigint", scorer().setInputCol("id"));
    assertRefusal("outputCol is 'id'; this column exists", scorer().setOutputCol("id"));
    assertRefusal(
        "errorCol is 'bits'; this column exists",
        scorer().setHandleInvalid("keep").setErrorCol("bits"));
    assertRefusal("errorCol is set and handleInvalid is 'error'", scorer().setErrorCol("reason"));
    assertRefusal("modelPath is not set", new TransonnxScorer().setInputCol("text"));
    assertThrows(IllegalArgumentException.class, () -> scorer().setBatchSize(0));
    assertThrows(IllegalArgumentException.class, () -> scorer().setScore("perplexity"));
  }

  private static void assertRefusal(String start, TransonnxScorer scorer) {
    var failure =
        assertThrows(RequestException.class, () -> scorer.transformSchema(SharedSpark.TEXTS));
    assertTrue(failure.getMessage().startsWith(start), failure::getMessage);
  }

  @Test
  void itIsAStageOfAPipeline() {
    var binarizer = new Binarizer().setInputCol("bits").setOutputCol("strange").setThreshold(3);
    var rows = SharedSpark.rows(List.of("And the LORD said", "qxzq jvkw"), 1);
    var model = new Pipeline().setStages(new PipelineStage[] {scorer(), binarizer}).fit(rows);
    var strange = model.transform(rows).orderBy("id").select("strange").collectAsList();
    assertEquals(List.of(0.0, 1.0), strange.stream().map(row -> row.getDouble(0)).toList());
  }

  @Test
  void columnsKeepTheirMetadata() {
    var metadata = new MetadataBuilder().putString("origin", "test").build();
    var rows = SharedSpark.rows(TEXTS, 1);
    var described = rows.withColumn("text", functions.col("text").as("text", metadata));
    assertEquals(metadata, scorer().transform(described).schema().apply("text").metadata());
  }

  @Test
  void anEmptyPartitionLoadsNoModel() {
    var none =
        SharedSpark.SESSION.createDataset(
            List.<Row>of(), Encoders.row(new StructType().add("text", DataTypes.StringType)));
    var scored = scorer().setModelPath("/no/such/model.onnx").transform(none);
    assertEquals(0, scored.count());
  }

  @Test
  void aMissingModelIsReportedWithTheWaysToNameOne() {
    var rows = scorer().setModelPath("/no/model.onnx").transform(SharedSpark.rows(TEXTS, 1));
    var failure = assertThrows(SparkException.class, rows::collectAsList);
    assertTrue(
        failure.getMessage().contains("/no/model.onnx: this node has no such file"),
        failure::getMessage);
  }
}
