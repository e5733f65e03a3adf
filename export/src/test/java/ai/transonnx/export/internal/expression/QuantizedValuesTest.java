package ai.transonnx.export.internal.expression;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.binding.Binding;
import ai.transonnx.export.internal.binding.NameRules;
import ai.transonnx.export.internal.safetensors.SafetensorsFile;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.BlockScales;
import ai.transonnx.graph.BlockZeroPoints;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.QuantizedMatrix;
import ai.transonnx.graph.QuantizedPart.Layout;
import ai.transonnx.graph.QuantizedType;
import ai.transonnx.graph.QuantizedValues;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.graph.WeightExpression.Stored;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantizedValuesTest {
  @TempDir private Path directory = Path.of("");

  private static float[] random(int count, int seed) {
    var random = new Random(seed);
    var values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = (float) random.nextGaussian();
    }
    return values;
  }

  private byte[] evaluate(WeightExpression source, ElementType elements, float... values)
      throws IOException {
    var parameter = new Parameter("p", elements, source);
    var stored = source.stored().get(0);
    var file = new TestWeights().add(stored.name(), stored.shape(), values);
    var written = new ByteArrayOutputStream();
    try (var weights = SafetensorsFile.open(file.write(directory.resolve("w")))) {
      var binding = Binding.bind(List.of(parameter), weights, NameRules.unused(List.of("*")));
      new Evaluation(binding)
          .write(
              parameter,
              bytes -> {
                var copy = new byte[bytes.remaining()];
                bytes.get(copy);
                written.writeBytes(copy);
              });
    }
    assertEquals(elements.bytes(source.shape().elements()), written.size());
    return written.toByteArray();
  }

  private byte[] integers(QuantizedValues values, float... weights) throws IOException {
    return evaluate(values, values.elements(), weights);
  }

  private float[] scales(BlockScales scales, float... weights) throws IOException {
    var bytes = ByteBuffer.wrap(evaluate(scales, ElementType.FLOAT32, weights));
    var values = new float[bytes.capacity() / Float.BYTES];
    bytes.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(values);
    return values;
  }

  private static Stored matrix(int rows, int width) {
    return new Stored("w", Shape.of(rows, width));
  }

  @ParameterizedTest
  @CsvSource({"INT4, 32, 5, 64", "INT4, 16, 7, 40", "INT8, 32, 5, 100", "INT8, 256, 3, 31"})
  void integersAreThoseNearestToTheWeightsDividedByTheScale(
      QuantizedType type, int block, int rows, int width) throws IOException {
    var weights = random(rows * width, block);
    var of = matrix(rows, width);
    var scales = scales(new BlockScales(QuantizedMatrix.of(of, type, block), Layout.ROWS), weights);
    int blocks = (width + block - 1) / block;
    var expected = new byte[rows * width];
    for (int i = 0; i < expected.length; i++) {
      float scale = scales[i / width * blocks + i % width / block];
      double nearest = Math.rint((double) weights[i] / scale);
      expected[i] = (byte) Math.max(type.least(), Math.min(type.most(), nearest));
    }
    var columns = new QuantizedValues(QuantizedMatrix.of(of, type, block), Layout.COLUMNS);
    var offsetBlocks =
        new QuantizedValues(QuantizedMatrix.of(of, type, block), Layout.OFFSET_BLOCKS);
    assertArrayEquals(packed(type, transposed(expected, rows, width)), integers(columns, weights));
    assertArrayEquals(
        packed(type, padded(expected, width, blocks * block, -type.least())),
        integers(offsetBlocks, weights));
    if (width % 2 == 0) {
      var offsetRows = new QuantizedValues(QuantizedMatrix.of(of, type, block), Layout.OFFSET_ROWS);
      assertArrayEquals(
          packed(type, padded(expected, width, width, -type.least())),
          integers(offsetRows, weights));
    }
    if (type == QuantizedType.INT8) {
      var plain = new QuantizedValues(QuantizedMatrix.of(of, type, block), Layout.ROWS);
      assertArrayEquals(expected, integers(plain, weights));
    }
  }

  private static byte[] transposed(byte[] values, int rows, int width) {
    var result = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      result[i % width * rows + i / width] = values[i];
    }
    return result;
  }

  private static byte[] padded(byte[] values, int width, int paddedWidth, int offset) {
    var result = new byte[values.length / width * paddedWidth];
    Arrays.fill(result, (byte) offset);
    for (int i = 0; i < values.length; i++) {
      result[i / width * paddedWidth + i % width] = (byte) (values[i] + offset);
    }
    return result;
  }

  private static byte[] packed(QuantizedType type, byte[] values) {
    if (type == QuantizedType.INT8) {
      return values;
    }
    var result = new byte[(values.length + 1) / 2];
    for (int i = 0; i < values.length; i++) {
      result[i / 2] |= (byte) ((values[i] & 15) << i % 2 * 4);
    }
    return result;
  }

  @Test
  void theLastByteOfAnOddNumberHasOneInteger() throws IOException {
    var values =
        new QuantizedValues(
            QuantizedMatrix.of(matrix(1, 17), QuantizedType.INT4, 16), Layout.COLUMNS);
    assertEquals(9, integers(values, random(17, 1)).length);
  }

  /** Larger than the pieces in which integers are computed. */
  @ParameterizedTest
  @CsvSource({"3, 1500000", "150000, 33"})
  void largeMatricesAreComputedInPieces(int rows, int width) throws IOException {
    var weights = random(rows * width, 3);
    var of = matrix(rows, width);
    var row =
        integers(
            new QuantizedValues(QuantizedMatrix.of(of, QuantizedType.INT8, 32), Layout.ROWS),
            weights);
    var columns =
        integers(
            new QuantizedValues(QuantizedMatrix.of(of, QuantizedType.INT8, 32), Layout.COLUMNS),
            weights);
    assertArrayEquals(transposed(row, rows, width), columns);
  }

  /** A scale that maps the largest element to the largest integer has a larger error. */
  @ParameterizedTest
  @EnumSource
  void theErrorIsLessThanThatOfTheLargestElement(QuantizedType type) throws IOException {
    int block = 32;
    int rows = 100;
    var weights = random(rows * block, 5);
    var scales =
        scales(
            new BlockScales(QuantizedMatrix.of(matrix(rows, block), type, block), Layout.ROWS),
            weights);
    double error = 0;
    double naive = 0;
    for (int row = 0; row < rows; row++) {
      double largest = 0;
      for (int i = 0; i < block; i++) {
        largest = Math.max(largest, Math.abs(weights[row * block + i]));
      }
      for (int i = 0; i < block; i++) {
        error += squaredError(type, weights[row * block + i], scales[row]);
        naive += squaredError(type, weights[row * block + i], largest / type.most());
      }
    }
    assertTrue(error < (type == QuantizedType.INT4 ? 0.75 : 0.97) * naive, error + " " + naive);
  }

  @ParameterizedTest
  @EnumSource
  void zeroPointsLessenTheErrorOfEachBlock(QuantizedType type) throws IOException {
    int rows = 100;
    int block = 32;
    var weights = random(rows * block, 9);
    for (int i = 0; i < weights.length; i++) {
      weights[i] += i / block % 3;
    }
    var plain = QuantizedMatrix.of(matrix(rows, block), type, block);
    var plainError = errors(plain, weights);
    var error = errors(plain.withZeroPoints(), weights);
    double sum = 0;
    double plainSum = 0;
    for (int row = 0; row < rows; row++) {
      assertTrue(error[row] <= plainError[row], "block " + row);
      sum += error[row];
      plainSum += plainError[row];
    }
    assertTrue(sum < 0.8 * plainSum, sum + " " + plainSum);
  }

  /** The squared error of each row, which has one block. */
  private double[] errors(QuantizedMatrix matrix, float... weights) throws IOException {
    var scales = scales(new BlockScales(matrix, Layout.ROWS), weights);
    var integers = integers(new QuantizedValues(matrix, Layout.COLUMNS), weights);
    var zeroPoints =
        matrix.hasZeroPoints()
            ? evaluate(new BlockZeroPoints(matrix, Layout.ROWS), ElementType.INT8, weights)
            : new byte[scales.length];
    var errors = new double[scales.length];
    for (int i = 0; i < weights.length; i++) {
      int row = i / matrix.block();
      int index = i % matrix.block() * errors.length + row;
      int integer =
          matrix.type() == QuantizedType.INT8
              ? integers[index]
              : integers[index / 2] << 28 - index % 2 * 4 >> 28;
      double difference = weights[i] - (double) scales[row] * (integer - zeroPoints[row]);
      errors[row] += difference * difference;
    }
    return errors;
  }

  @Test
  void offsetZeroPointsFillUpTheLastByteOfARow() throws IOException {
    var weights = random(2 * 48, 11);
    var matrix = QuantizedMatrix.of(matrix(2, 48), QuantizedType.INT4, 16).withZeroPoints();
    var plain = evaluate(new BlockZeroPoints(matrix, Layout.ROWS), ElementType.INT8, weights);
    var expected = new byte[4];
    for (int i = 0; i < 6; i++) {
      expected[i / 3 * 2 + i % 3 / 2] |= (byte) (plain[i] + 8 << i % 3 % 2 * 4);
    }
    expected[1] |= (byte) (8 << 4);
    expected[3] |= (byte) (8 << 4);
    assertArrayEquals(
        expected,
        evaluate(new BlockZeroPoints(matrix, Layout.OFFSET_ROWS), ElementType.UINT8, weights));
    var columns = evaluate(new BlockZeroPoints(matrix, Layout.COLUMNS), ElementType.INT4, weights);
    assertArrayEquals(packed(QuantizedType.INT4, transposed(plain, 2, 3)), columns);
  }

  private static double squaredError(QuantizedType type, double weight, double scale) {
    double integer = Math.max(type.least(), Math.min(type.most(), Math.rint(weight / scale)));
    return (weight - integer * scale) * (weight - integer * scale);
  }

  @Test
  void multiplesOfAScaleAreExact() throws IOException {
    var weights = new float[32];
    for (int i = 0; i < 32; i++) {
      weights[i] = (i % 16 - 8) * 0.25f;
    }
    var of = matrix(1, 32);
    var scales =
        scales(
            new BlockScales(QuantizedMatrix.of(of, QuantizedType.INT4, 32), Layout.ROWS), weights);
    assertArrayEquals(new float[] {0.25f}, scales);
  }

  @ParameterizedTest
  @ValueSource(floats = {0f, -0f, Float.MIN_VALUE, -Float.MIN_NORMAL})
  void blocksOfTinyWeightsAreZero(float tiny) throws IOException {
    var weights = new float[16];
    weights[3] = tiny;
    var of = matrix(1, 16);
    assertArrayEquals(
        new float[] {1},
        scales(
            new BlockScales(QuantizedMatrix.of(of, QuantizedType.INT8, 16), Layout.ROWS), weights));
    assertArrayEquals(
        new byte[16],
        integers(
            new QuantizedValues(QuantizedMatrix.of(of, QuantizedType.INT8, 16), Layout.ROWS),
            weights));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void weightsThatAreNotFiniteAreRefused(float value) {
    var weights = random(32, 7);
    weights[9] = value;
    var values =
        new QuantizedValues(
            QuantizedMatrix.of(matrix(1, 32), QuantizedType.INT4, 32), Layout.COLUMNS);
    var thrown = assertThrows(InputException.class, () -> integers(values, weights));
    assertTrue(thrown.getMessage().contains("'w' has the value " + (double) value));
    assertTrue(thrown.getMessage().contains("--quantize-keep"));
  }

  @Test
  void theLargestFloatsHaveAScale() throws IOException {
    var weights = new float[16];
    weights[0] = Float.MAX_VALUE;
    weights[1] = -Float.MAX_VALUE;
    var scales =
        scales(
            new BlockScales(QuantizedMatrix.of(matrix(1, 16), QuantizedType.INT4, 16), Layout.ROWS),
            weights);
    assertTrue(Float.isFinite(scales[0]));
  }
}
