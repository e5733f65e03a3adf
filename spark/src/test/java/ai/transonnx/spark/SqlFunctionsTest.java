package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.RequestException;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class SqlFunctionsTest {
  private static final List<String> TEXTS = Arrays.asList("In the beginning", "God", null);

  @BeforeAll
  static void createView() {
    SharedSpark.rows(TEXTS, 2).createOrReplaceTempView("texts");
  }

  private static TransonnxScorer scorer() {
    return new TransonnxScorer()
        .setModelPath(TestModels.language().toString())
        .setInputCol("text")
        .setOutputCol("output")
        .setHandleInvalid("keep");
  }

  private static Dataset<Row> sql(String query) {
    return SharedSpark.SESSION.sql(query);
  }

  private static List<Object> transformed(TextTransformer<?> transformer) {
    var rows = transformer.transform(SharedSpark.rows(TEXTS, 1));
    return rows.orderBy("id").collectAsList().stream().map(row -> row.get(2)).toList();
  }

  private static List<Object> column(Dataset<Row> rows) {
    return rows.collectAsList().stream().map(row -> row.get(0)).toList();
  }

  @Test
  void aFunctionComputesWhatTheTransformerDoes() {
    scorer().register(SharedSpark.SESSION, "bits");
    assertEquals(transformed(scorer()), column(sql("SELECT bits(text) FROM texts ORDER BY id")));
  }

  @Test
  void aFunctionOfAConstantIsComputed() {
    scorer().register(SharedSpark.SESSION, "bits");
    assertEquals(transformed(scorer()).get(1), sql("SELECT bits('God')").first().get(0));
  }

  @Test
  void aFunctionWithReasonsReturnsAStructure() {
    scorer().setErrorCol("reason").register(SharedSpark.SESSION, "checked");
    var rows =
        sql("SELECT r.value, r.error FROM (SELECT id, checked(text) r FROM texts) ORDER BY id")
            .collectAsList();
    assertEquals(transformed(scorer()).get(0), rows.get(0).get(0));
    assertNull(rows.get(0).get(1));
    assertNull(rows.get(2).get(0));
    assertEquals("the text is null", rows.get(2).getString(1));
  }

  @Test
  void anInvalidRowFailsTheQueryOnRequest() {
    scorer().setHandleInvalid("error").register(SharedSpark.SESSION, "strict");
    var rows = sql("SELECT strict(text) FROM texts");
    var failure = assertThrows(SparkException.class, rows::collectAsList);
    assertTrue(failure.getMessage().contains("strict"), failure::getMessage);
  }

  @Test
  void aFunctionCannotSkipRows() {
    var scorer = scorer().setHandleInvalid("skip");
    var failure =
        assertThrows(RequestException.class, () -> scorer.register(SharedSpark.SESSION, "f"));
    assertTrue(failure.getMessage().startsWith("handleInvalid is 'skip'"), failure::getMessage);
  }

  @Test
  void aGeneratorWithAKeyIsAFunctionOfTwoColumns() {
    var generator =
        new TransonnxGenerator()
            .setModelPath(TestModels.language().toString())
            .setInputCol("text")
            .setOutputCol("output")
            .setSeedCol("id")
            .setMaxTokens(6)
            .setHandleInvalid("keep");
    generator.register(SharedSpark.SESSION, "continued");
    assertEquals(
        transformed(generator), column(sql("SELECT continued(text, id) FROM texts ORDER BY id")));
  }

  @Test
  void embeddingsAreVectorsInSql() {
    var embedder =
        new TransonnxEmbedder()
            .setModelPath(TestModels.embedding().toString())
            .setInputCol("text")
            .setOutputCol("output")
            .setHandleInvalid("keep");
    embedder.register(SharedSpark.SESSION, "embedding");
    assertEquals(
        transformed(embedder), column(sql("SELECT embedding(text) FROM texts ORDER BY id")));
  }
}
