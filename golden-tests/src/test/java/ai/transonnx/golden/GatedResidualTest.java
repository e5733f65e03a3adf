package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.layer.GatedResidual;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Compares the gated residual with PyTorch's {@code nn.GRUCell}, written in float64.
 *
 * <p>Weights and inputs have few bits, so that their products are exact in float32 and only the
 * gates round. The library's float32 is computed with the same formulas, rounded after each
 * operation.
 */
class GatedResidualTest {
  private static final int DIM = 8;
  private static final int ROWS = 4096;

  @TempDir private Path folder;

  private final Random random = new Random(11);

  /** The formulas of the unit, exact or rounded to float32 after each operation. */
  private interface Arithmetic {
    double round(double value);

    default double sigmoid(double x) {
      return round(1 / round(1 + round(Math.exp(-x))));
    }

    default double out(double[] input, double[] state, double hidden) {
      double reset = sigmoid(round(input[0] + state[0]));
      double update = sigmoid(round(input[1] + state[1]));
      double candidate = round(Math.tanh(round(input[2] + round(reset * state[2]))));
      return round(candidate + round(update * round(hidden - candidate)));
    }
  }

  /** Numbers of 6 bits, up to {@code largest}, which is a power of two. */
  private float[] numbers(int count, float largest) {
    var numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (random.nextInt(65) - 32) / 32f * largest;
    }
    return numbers;
  }

  private static double[] projected(float[] x, int row, int feature, float[] weight, float[] bias) {
    var parts = new double[3];
    for (int part = 0; part < 3; part++) {
      int out = part * DIM + feature;
      parts[part] = bias[out];
      for (int in = 0; in < DIM; in++) {
        parts[part] += (double) weight[out * DIM + in] * x[row * DIM + in];
      }
    }
    return parts;
  }

  private float[] computed(EmitOptions options, TestWeights weights, float[] x, float[] hidden) {
    var model = new ModelBuilder("residual", options);
    var type = new TensorType(ElementType.FLOAT32, Shape.of(Dim.of("b"), Dim.of("n"), Dim.of(DIM)));
    var branch = model.graph().input("branch", type);
    var residual = model.graph().input("residual", type);
    var layer = new GatedResidual(DIM, false);
    model.output("out", layer.of(Scope.of(model.graph()), branch, residual));
    try (var loaded = BuiltModel.load(model.build(), weights, folder)) {
      var inputs =
          Map.of(
              "branch",
              Tensor.ofFloats(x, 1, ROWS, DIM),
              "residual",
              Tensor.ofFloats(hidden, 1, ROWS, DIM));
      return loaded.run(inputs).get("out").floats();
    }
  }

  /** Weights with a reset gate of one half, which makes rounding of its product largest. */
  private float[] weights(int columns, float scale) {
    var weights = numbers(3 * DIM * columns, scale);
    Arrays.fill(weights, 0, DIM * columns, 0);
    return weights;
  }

  @ParameterizedTest
  @CsvSource({
    "PORTABLE, 17, 0.125",
    "PORTABLE, 17, 1",
    "PORTABLE, 17, 4",
    "PORTABLE, 17, 16",
    "PORTABLE, 23, 4",
    "ONNXRUNTIME, 17, 4",
    "ONNXRUNTIME, 23, 4"
  })
  void theErrorIsNoLargerThanTheLibrarys(Target target, int opset, float scale) {
    var weightIh = weights(DIM, scale);
    var weightHh = weights(DIM, scale);
    var biasIh = weights(1, scale);
    var biasHh = weights(1, scale);
    var x = numbers(ROWS * DIM, 1);
    var hidden = numbers(ROWS * DIM, 2);
    var weights =
        new TestWeights()
            .add("gru.weight_ih", Shape.of(3 * DIM, DIM), weightIh)
            .add("gru.weight_hh", Shape.of(3 * DIM, DIM), weightHh)
            .add("gru.bias_ih", Shape.of(3 * DIM), biasIh)
            .add("gru.bias_hh", Shape.of(3 * DIM), biasHh);
    var options = EmitOptions.STANDARD.withTarget(target).withOpset(opset);
    var actual = computed(options, weights, x, hidden);

    Arithmetic exact = value -> value;
    Arithmetic rounded = value -> (float) value;
    double squares = 0;
    double librarySquares = 0;
    double largest = 0;
    double libraryLargest = 0;
    for (int i = 0; i < actual.length; i++) {
      var input = projected(x, i / DIM, i % DIM, weightIh, biasIh);
      var state = projected(hidden, i / DIM, i % DIM, weightHh, biasHh);
      double expected = exact.out(input, state, hidden[i]);
      double error = Math.abs(actual[i] - expected);
      double libraryError = Math.abs(rounded.out(input, state, hidden[i]) - expected);
      squares += error * error;
      librarySquares += libraryError * libraryError;
      largest = Math.max(largest, error);
      libraryLargest = Math.max(libraryLargest, libraryError);
    }
    assertTrue(
        squares <= 1.1 * librarySquares,
        "mean square of the error %s, of the library's %s".formatted(squares, librarySquares));
    assertTrue(
        largest <= 1.5 * libraryLargest,
        "largest error %s, of the library's %s".formatted(largest, libraryLargest));
  }
}
