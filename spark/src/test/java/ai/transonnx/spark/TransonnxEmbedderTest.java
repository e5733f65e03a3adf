package ai.transonnx.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.junit.jupiter.api.Test;

class TransonnxEmbedderTest {
  private static final List<String> TEXTS = List.of("Hi", "In the beginning", "Ho", "Amen");

  private static TransonnxEmbedder embedder() {
    return new TransonnxEmbedder()
        .setModelPath(TestModels.embedding().toString())
        .setInputCol("text")
        .setOutputCol("features");
  }

  /** The mean over the positions of one text. */
  private static double[] expected(String text) {
    try (var model = OnnxModel.load(TestModels.embedding())) {
      int n = text.length();
      var tokens = Tensor.ofLongs(text.chars().asLongStream().toArray(), 1, n);
      var embeddings = model.run(Map.of("tokens", tokens)).get("embeddings");
      var mean = new double[(int) embeddings.shape()[2]];
      for (int position = 0; position < n; position++) {
        var values = new double[mean.length];
        embeddings.doubles(position * mean.length, values);
        Arrays.setAll(mean, i -> mean[i] + values[i]);
      }
      Arrays.setAll(mean, i -> mean[i] / n);
      return mean;
    }
  }

  @Test
  void anEmbeddingIsTheMeanOfThePositions() {
    var rows = embedder().transform(SharedSpark.rows(TEXTS, 2)).orderBy("id").collectAsList();
    for (int i = 0; i < TEXTS.size(); i++) {
      var features = (Vector) rows.get(i).get(2);
      assertArrayEquals(expected(TEXTS.get(i)), features.toArray(), 1e-6);
    }
  }

  @Test
  void theOutputCanBeAnArray() {
    var row =
        embedder().setOutputType("array").transform(SharedSpark.rows(List.of("Hi"), 1)).first();
    var array = row.<Float>getList(2).stream().mapToDouble(Float::doubleValue).toArray();
    assertArrayEquals(expected("Hi"), array, 1e-6);
  }

  @Test
  void vectorsAreNormalizedOnRequest() {
    var rows = SharedSpark.rows(List.of("In the beginning"), 1);
    var features = (Vector) embedder().setNormalize(true).transform(rows).first().get(2);
    assertEquals(1, Vectors.norm(features, 2), 1e-6);
  }

  @Test
  void theFirstPositionCanBeTheEmbedding() {
    var rows = SharedSpark.rows(List.of("In the beginning"), 1);
    var features = (Vector) embedder().setPooling("first").transform(rows).first().get(2);
    assertArrayEquals(expected("I"), features.toArray(), 1e-5); // the model is causal
  }

  @Test
  void aTextWithoutTokensIsInvalid() {
    var row =
        embedder()
            .setHandleInvalid("keep")
            .setErrorCol("reason")
            .transform(SharedSpark.rows(List.of(""), 1))
            .first();
    assertTrue(row.isNullAt(2));
    assertEquals("the text has 0 tokens; 1 to 256 are possible", row.getString(3));
  }
}
