package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.Entmax15;
import ai.transonnx.attention.ScoreContext;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares 1.5-entmax with its definition, whose threshold is found by bisection in float64. */
class EntmaxTest {
  @TempDir private Path folder;

  private float[] weights(float[] scores) {
    var model = new ModelBuilder("entmax", EmitOptions.STANDARD);
    var dims = Shape.of(Dim.of("b"), Dim.of("h"), Dim.of("i"), Dim.of("j"));
    var given = model.graph().input("scores", new TensorType(ElementType.FLOAT32, dims));
    var call = Attention.Call.of(given, given, given);
    var context = new ScoreContext(call, given, given);
    model.output("weights", new Entmax15().of(Scope.of(model.graph()), given, context));
    try (var loaded = BuiltModel.load(model.build(), folder)) {
      var tensor = Tensor.ofFloats(scores, 1, 1, 1, scores.length);
      return loaded.run(Map.of("scores", tensor)).get("weights").floats();
    }
  }

  private static double[] expected(float[] scores) {
    double greatest = Float.NEGATIVE_INFINITY;
    for (float score : scores) {
      greatest = Math.max(greatest, score);
    }
    double low = -1;
    double high = 0;
    for (int i = 0; i < 100; i++) {
      double middle = (low + high) / 2;
      boolean isBelow = Arrays.stream(squares(scores, greatest, middle)).sum() >= 1;
      low = isBelow ? middle : low;
      high = isBelow ? high : middle;
    }
    return squares(scores, greatest, low);
  }

  private static double[] squares(float[] scores, double greatest, double threshold) {
    var squares = new double[scores.length];
    for (int i = 0; i < scores.length; i++) {
      squares[i] = Math.pow(Math.max((scores[i] - greatest) / 2 - threshold, 0), 2);
    }
    return squares;
  }

  private void check(float[] scores) {
    var expected = expected(scores);
    float[] actual = weights(scores);
    for (int i = 0; i < scores.length; i++) {
      assertEquals(expected[i], actual[i], 1e-5, "weight " + i);
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 0.1", "7, 1", "100, 3", "1000, 0.01", "4000, 2"})
  void weightsEqualTheDefinition(int count, float spread) {
    var random = new Random(count);
    var scores = new float[count];
    for (int i = 0; i < count; i++) {
      scores[i] = spread * (float) random.nextGaussian();
    }
    check(scores);
  }

  @Test
  void maskedKeysHaveNoWeight() {
    check(new float[] {-Float.MAX_VALUE, 1, 2, -Float.MAX_VALUE, 1.5f});
  }

  @Test
  void allMaskedKeysHaveEqualWeights() {
    var scores = new float[5];
    Arrays.fill(scores, -Float.MAX_VALUE);
    check(scores);
  }
}
