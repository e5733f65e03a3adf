package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Twins with random rounding. */
class RoundingTest {
  private static final double UNIT = 0x1p-24;

  @TempDir private Path folder;

  private static OperatorModel sum(Tensor x, Tensor y) {
    return new OperatorModel(17)
        .input("x", x)
        .input("z", y)
        .add("Add", List.of("x", "z"), List.of("y"))
        .output("y");
  }

  @Test
  void aSumIsRoundedToTheNearestNumberOfTheType() {
    var model = sum(OperatorModel.numbers(1, 9), OperatorModel.numbers(1e-3, 9));
    var expected = new double[9];
    var exact = model.runTwin(folder).get("y").doubles();
    Arrays.setAll(expected, i -> (float) exact[i]);
    assertArrayEquals(expected, model.runNoisy(folder, 1).get("y").doubles());
  }

  @Test
  void aSumInBfloat16IsRoundedTo8Bits() {
    var x = Tensor.ofFloats(new float[] {1}, 1).as(ElementType.BFLOAT16);
    var small = Tensor.ofFloats(new float[] {0x1p-9f}, 1).as(ElementType.BFLOAT16);
    assertArrayEquals(new double[] {1}, sum(x, small).runNoisy(folder, 1).get("y").doubles());
    assertArrayEquals(new double[] {1 + 0x1p-9}, sum(x, small).runTwin(folder).get("y").doubles());
  }

  private static OperatorModel product(int terms) {
    return new OperatorModel(17)
        .input("x", OperatorModel.numbers(1, 16, terms))
        .weight("w", OperatorModel.numbers(1, terms, 16))
        .add("MatMul", List.of("x", "w"), List.of("y"))
        .output("y");
  }

  private double error(OperatorModel model, int seed) {
    var exact = model.runTwin(folder).get("y").doubles();
    var rounded = model.runNoisy(folder, seed).get("y").doubles();
    double error = 0;
    for (int i = 0; i < exact.length; i++) {
      error = Math.max(error, Math.abs(exact[i] - rounded[i]));
    }
    return error;
  }

  @Test
  void errorsOfProductsGrowAsThoseOfSumsInOrder() {
    // Partial sums of n terms are about sqrt(n), so n roundings of them add up to about n units.
    double few = error(product(64), 1) / (64 * UNIT);
    double many = error(product(1024), 1) / (1024 * UNIT);
    assertTrue(few > 0.1 && few < 2, "few terms: " + few);
    assertTrue(many > 0.1 && many < 2, "many terms: " + many);
  }

  @Test
  void aSeedRepeatsItsRoundingsAndAnotherHasOthers() {
    var model = product(64);
    var first = model.runNoisy(folder, 1).get("y");
    assertArrayEquals(first.doubles(), model.runNoisy(folder, 1).get("y").doubles());
    assertFalse(Arrays.equals(first.doubles(), model.runNoisy(folder, 2).get("y").doubles()));
    assertNotEquals(FloatTwin.random(1), FloatTwin.random(2));
  }

  @Test
  void theInputForTheSeedReplacesIt() {
    var model = product(64);
    var inputs =
        Map.of(
            "x",
            OperatorModel.numbers(1, 16, 64).as(ElementType.FLOAT64),
            FloatTwin.RANDOM,
            Tensor.ofDoubles(new double[] {FloatTwin.random(3)}));
    var outputs = OperatorModel.run(FloatTwin.noisy(model.build()), inputs, folder);
    assertArrayEquals(model.runNoisy(folder, 3).get("y").doubles(), outputs.get("y").doubles());
  }

  @Test
  void countsAndMasksStayExact() {
    var model =
        new OperatorModel(17)
            .input("flags", Tensor.ofFloats(new float[] {1, 0, 1, 1, 1, 0, 1}, 1, 7))
            .input("mask", Tensor.ofFloats(new float[] {Float.NEGATIVE_INFINITY, 0}, 2))
            .weight("axis", Tensor.ofLongs(new long[] {1}))
            .weight("axes", Tensor.ofLongs(new long[] {1}, 1))
            .add("CumSum", List.of("flags", "axis"), List.of("running"))
            .add("ReduceSum", List.of("flags", "axes"), List.of("count"))
            .add("Add", List.of("mask", "count"), List.of("masked"))
            .add("Softmax", List.of("masked"), List.of("weights"))
            .output("running", "count", "masked", "weights");
    var outputs = model.runNoisy(folder, 1);
    assertArrayEquals(new double[] {1, 1, 2, 3, 4, 4, 5}, outputs.get("running").doubles());
    assertArrayEquals(new double[] {5}, outputs.get("count").doubles());
    assertArrayEquals(new double[] {Double.NEGATIVE_INFINITY, 5}, outputs.get("masked").doubles());
    assertArrayEquals(new double[] {0, 1}, outputs.get("weights").doubles(), 1e-6);
  }

  @Test
  void smallValuesOfTheErrorFunctionsComplementKeepTheirRoundings() {
    var model =
        new OperatorModel(20)
            .input("x", Tensor.ofFloats(new float[] {-4, -3.5f, -3}, 3))
            .add("Gelu", List.of("x"), List.of("y"))
            .output("y");
    double error = error(model, 1);
    // 1 + erf(x / sqrt(2)) has the absolute error of numbers near 1.
    assertTrue(error > 0.1 * UNIT && error < 10 * UNIT, "error " + error / UNIT + " units");
  }
}
