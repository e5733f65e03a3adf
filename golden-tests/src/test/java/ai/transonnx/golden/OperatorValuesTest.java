package ai.transonnx.golden;

import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.INT64;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.internal.function.DiscountedCumulativeSum;
import ai.transonnx.internal.function.ShiftedSegmentMeans;
import ai.transonnx.internal.function.TokenShift;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Compares the operators of the domain {@code ai.transonnx} with their formulas, as float64 loops.
 */
class OperatorValuesTest {
  private static final int BATCH = 2;
  private static final int FEATURES = 3;

  @TempDir private Path folder;

  private final Random random = new Random(7);

  private Tensor noise(long... shape) {
    var values = new float[(int) Arrays.stream(shape).reduce(1, (a, b) -> a * b)];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return Tensor.ofFloats(values, shape);
  }

  private static TensorType sequence(String rows, long features) {
    return new TensorType(FLOAT32, Shape.of(Dim.of("b"), Dim.of(rows), Dim.of(features)));
  }

  private static double at(float[] values, int rows, int features, int b, int t, int f) {
    return values[(b * rows + t) * features + f];
  }

  private static void assertClose(double[] expected, float[] actual) {
    double largest = Arrays.stream(expected).map(Math::abs).max().orElse(1);
    for (int i = 0; i < expected.length; i++) {
      assertTrue(
          Math.abs(expected[i] - actual[i]) <= 3e-5 * Math.max(1, largest),
          "element %s is %s, expected %s".formatted(i, actual[i], expected[i]));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0.9",
    "2, 0.9",
    "63, 0.9",
    "64, 0.9",
    "65, 0.9",
    "128, 0.99",
    "129, 0.5",
    "1000, 1.0",
    "4097, 0.999",
    "70, 0.0",
    "70, -0.5",
    "70, 1.02"
  })
  void discountedSumsFollowTheirFormula(int n, float gamma) {
    var builder = new ModelBuilder("sum", EmitOptions.STANDARD);
    var x = builder.graph().input("x", sequence("n", FEATURES));
    var past = builder.graph().input("past", new TensorType(FLOAT32, x.shape().with(1, Dim.of(1))));
    builder.output("y", new DiscountedCumulativeSum(gamma).of(Scope.of(builder.graph()), x, past));
    var given = noise(BATCH, n, FEATURES);
    var before = noise(BATCH, 1, FEATURES);

    var expected = new double[BATCH * n * FEATURES];
    for (int b = 0; b < BATCH; b++) {
      for (int f = 0; f < FEATURES; f++) {
        double sum = at(before.floats(), 1, FEATURES, b, 0, f);
        for (int t = 0; t < n; t++) {
          sum = at(given.floats(), n, FEATURES, b, t, f) + gamma * sum;
          expected[(b * n + t) * FEATURES + f] = sum;
        }
      }
    }
    try (var model = BuiltModel.load(builder.build(), folder)) {
      assertClose(expected, model.run(Map.of("x", given, "past", before)).get("y").floats());
    }
  }

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 5", "2, 0", "7, 0", "8, 3", "9, 16", "40, 0", "33, 100"})
  void segmentMeansFollowTheirFormula(int n, int position) {
    int shifted = 3;
    int features = FEATURES * shifted + 2;
    var operator = new ShiftedSegmentMeans(features, FEATURES, shifted);
    int rows = (int) operator.pastRows();
    var builder = new ModelBuilder("means", EmitOptions.STANDARD);
    var x = builder.graph().input("x", sequence("n", features));
    var at = builder.graph().input("position", new TensorType(INT64, Shape.of(Dim.of("b"))));
    var past =
        builder
            .graph()
            .input(
                "past",
                new TensorType(FLOAT32, Shape.of(Dim.of("b"), Dim.of(rows), Dim.of(FEATURES))));
    var result = operator.of(Scope.of(builder.graph()), x, at, past);
    builder.output("y", result.means());
    builder.output("present", result.present());
    var given = noise(BATCH, n, features);
    var before = noise(BATCH, rows, FEATURES);

    var y = new double[BATCH * n * features];
    var present = new double[BATCH * rows * FEATURES];
    for (int b = 0; b < BATCH; b++) {
      for (int t = 0; t < n; t++) {
        for (int f = FEATURES * shifted; f < features; f++) {
          y[(b * n + t) * features + f] = at(given.floats(), n, features, b, t, f);
        }
      }
      int start = 0;
      for (int chunk = 0; chunk < shifted; chunk++) {
        int s = 1 << chunk;
        for (int f = 0; f < FEATURES; f++) {
          var line = new double[2 * s + n];
          for (int i = 0; i < line.length; i++) {
            line[i] =
                i < 2 * s
                    ? at(before.floats(), rows, FEATURES, b, start + i, f)
                    : at(given.floats(), n, features, b, i - 2 * s, chunk * FEATURES + f);
          }
          for (int t = 0; t < n; t++) {
            double sum = 0;
            for (int i = t + 1; i <= t + s; i++) {
              sum += line[i];
            }
            double count = Math.min(Math.max(position + t - s, 0), s);
            y[(b * n + t) * features + chunk * FEATURES + f] = sum / (count + 1e-5);
          }
          for (int i = 0; i < 2 * s; i++) {
            present[(b * rows + start + i) * FEATURES + f] = line[n + i];
          }
        }
        start += 2 * s;
      }
    }
    try (var model = BuiltModel.load(builder.build(), folder)) {
      var outputs =
          model.run(
              Map.of(
                  "x",
                  given,
                  "past",
                  before,
                  "position",
                  Tensor.ofLongs(new long[] {position, position}, BATCH)));
      assertClose(y, outputs.get("y").floats());
      assertClose(present, outputs.get("present").floats());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5})
  void aShiftedSequenceStartsWithItsPast(int shift) {
    var builder = new ModelBuilder("shift", EmitOptions.STANDARD);
    var x = builder.graph().input("x", sequence("n", 1));
    var past = builder.graph().input("past", sequence("s", 1));
    var result = TokenShift.of(Scope.of(builder.graph()), x, past);
    builder.output("y", result.shifted());
    builder.output("present", result.present());
    var joined = new float[] {-5, -4, -3, -2, -1, 1, 2, 3};
    var before = Arrays.copyOfRange(joined, 5 - shift, 5);
    try (var model = BuiltModel.load(builder.build(), folder)) {
      var outputs =
          model.run(
              Map.of(
                  "x",
                  Tensor.ofFloats(new float[] {1, 2, 3}, 1, 3, 1),
                  "past",
                  Tensor.ofFloats(before, 1, shift, 1)));
      assertArrayEquals(
          Arrays.copyOfRange(joined, 5 - shift, 8 - shift), outputs.get("y").floats());
      assertArrayEquals(Arrays.copyOfRange(joined, 8 - shift, 8), outputs.get("present").floats());
    }
  }

  @Test
  void aSumInChunksEqualsTheSumOfTheWhole() {
    var builder = new ModelBuilder("chunks", EmitOptions.STANDARD);
    var x = builder.graph().input("x", sequence("n", 1));
    var past = builder.graph().input("past", new TensorType(FLOAT32, x.shape().with(1, Dim.of(1))));
    builder.output("y", new DiscountedCumulativeSum(0.9f).of(Scope.of(builder.graph()), x, past));
    int n = 200;
    var given = noise(1, n, 1).floats();
    var zero = Tensor.ofFloats(new float[1], 1, 1, 1);
    try (var model = BuiltModel.load(builder.build(), folder)) {
      var whole = model.run(Map.of("x", Tensor.ofFloats(given, 1, n, 1), "past", zero)).get("y");
      var last = zero;
      int start = 0;
      for (int chunk : List.of(1, 63, 64, 1, 65, 6)) {
        var part = Arrays.copyOfRange(given, start, start + chunk);
        var y = model.run(Map.of("x", Tensor.ofFloats(part, 1, chunk, 1), "past", last)).get("y");
        start += chunk;
        var sums = y.floats();
        assertArrayEquals(Arrays.copyOfRange(whole.floats(), start - chunk, start), sums, 1e-5f);
        last = Tensor.ofFloats(new float[] {sums[chunk - 1]}, 1, 1, 1);
      }
    }
  }
}
