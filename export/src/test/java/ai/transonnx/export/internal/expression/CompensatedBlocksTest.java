package ai.transonnx.export.internal.expression;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.binding.NameRules;
import ai.transonnx.export.internal.safetensors.SafetensorsFile;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.WeightExpression.Stored;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CompensatedBlocksTest {
  /** More rows than are computed together, and a last block that is shorter. */
  private static final int ROWS = 70;

  private static final int WIDTH = 75;

  @TempDir private Path folder = Path.of("");

  private final float[] weights = new float[ROWS * WIDTH];

  CompensatedBlocksTest() {
    var random = new Random(1);
    for (int i = 0; i < weights.length; i++) {
      weights[i] = (float) random.nextGaussian();
    }
  }

  private interface Blocks {
    QuantizedBlocks of(QuantizedMatrix matrix, Binding binding);
  }

  /** The errors of the weights, {@code [rows, width]}. */
  private double[] errors(QuantizedMatrix matrix, Blocks made) {
    var file = new TestWeights().add("w", matrix.of().shape(), weights);
    var errors = new double[weights.length];
    try (var opened = SafetensorsFile.open(file.write(folder.resolve("w")))) {
      var parameter = new Parameter("w", ElementType.FLOAT32, matrix.of());
      var rules = NameRules.unused(List.of());
      var blocks = made.of(matrix, Binding.bind(List.of(parameter), opened, rules));
      for (int i = 0; i < errors.length; i++) {
        int column = i % WIDTH;
        blocks.select(i / WIDTH, column / matrix.block());
        int integer = blocks.integer(column % matrix.block()) - blocks.zeroPoint();
        errors[i] = weights[i] - (double) integer * blocks.scale();
      }
    }
    return errors;
  }

  /** The mean squared error of the products with the vectors of the moments. */
  private static double error(double[] errors, double[] moments) {
    double sum = 0;
    for (int row = 0; row < ROWS; row++) {
      for (int i = 0; i < WIDTH * WIDTH; i++) {
        double one = errors[row * WIDTH + i / WIDTH];
        sum += one * moments[i] * errors[row * WIDTH + i % WIDTH];
      }
    }
    return sum;
  }

  private static QuantizedMatrix matrix(QuantizedType type) {
    return QuantizedMatrix.of(new Stored("w", Shape.of(ROWS, WIDTH)), type, 32);
  }

  @ParameterizedTest
  @EnumSource
  void theErrorOfProductsIsLess(QuantizedType type) {
    var moments = InputFactorTest.moments(WIDTH, 3);
    for (var matrix : List.of(matrix(type), matrix(type).withZeroPoints())) {
      double nearest = error(errors(matrix, NearestBlocks::new), moments);
      double compensated = error(errors(matrix, compensated(moments)), moments);
      assertTrue(compensated < 0.7 * nearest, compensated + " " + nearest);
    }
  }

  private static Blocks compensated(double[] moments) {
    return (matrix, binding) -> {
      var factor = InputFactor.of(moments.clone(), WIDTH).orElseThrow();
      return CompensatedBlocks.of(matrix, factor, binding);
    };
  }

  @Test
  void independentInputsAreNotCompensated() {
    var moments = new double[WIDTH * WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      moments[i * WIDTH + i] = i + 1;
    }
    var expected = errors(matrix(QuantizedType.INT4), NearestBlocks::new);
    var actual = errors(matrix(QuantizedType.INT4), compensated(moments));
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i]);
    }
  }
}
