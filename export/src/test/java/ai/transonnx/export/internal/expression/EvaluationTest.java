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
import ai.transonnx.graph.GraphException;
import ai.transonnx.graph.Parameter;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.graph.WeightExpression.Normalized;
import ai.transonnx.graph.WeightExpression.Rows;
import ai.transonnx.graph.WeightExpression.Scaled;
import ai.transonnx.graph.WeightExpression.Selected;
import ai.transonnx.graph.WeightExpression.Stacked;
import ai.transonnx.graph.WeightExpression.Stored;
import ai.transonnx.graph.WeightExpression.Transposed;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvaluationTest {
  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "1, 700",
    "700, 1",
    "32, 256",
    "33, 257",
    "70, 300",
    "1500, 1100",
    "2, 600000",
    "600000, 2",
    "1100000, 1",
    "1, 1100000",
    "0, 5",
    "5, 0"
  })
  void transposesMatrices(int rows, int columns) throws IOException {
    var actual =
        floats(
            new TestWeights().addCounting("m", rows, columns),
            new Transposed(stored("m", rows, columns)));
    assertEquals(rows * columns, actual.length);
    for (int r = 0; r < rows; r++) {
      for (int c = 0; c < columns; c++) {
        if (actual[c * rows + r] != r * columns + c) {
          assertEquals(r * columns + c, actual[c * rows + r], "column " + c + ", row " + r);
        }
      }
    }
  }

  @Test
  void slicesRows() throws IOException {
    var weights = new TestWeights().addCounting("m", 4, 2, 3);
    var rows = new Rows(stored("m", 4, 2, 3), 1, 3);
    assertArrayEquals(
        new float[] {6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17}, floats(weights, rows));
    assertArrayEquals(
        new float[] {12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34},
        floats(weights, new Rows(new Scaled(stored("m", 4, 2, 3), 2), 1, 3)));
  }

  @Test
  void stacksTensors() throws IOException {
    var weights = new TestWeights().addCounting("a", 1, 2).addCounting("b", 2, 2);
    var stack = new Stacked(List.of(stored("b", 2, 2), stored("a", 1, 2), stored("b", 2, 2)));
    assertArrayEquals(new float[] {0, 1, 2, 3, 0, 1, 0, 1, 2, 3}, floats(weights, stack));
    assertArrayEquals(new float[] {2, 3, 0, 1, 0, 1, 2, 3}, floats(weights, new Rows(stack, 1, 5)));
    assertArrayEquals(
        new float[] {0, 2, 0, 0, 2, 1, 3, 1, 1, 3}, floats(weights, new Transposed(stack)));
  }

  @Test
  void selectsRows() throws IOException {
    var weights = new TestWeights().addCounting("m", 3, 2);
    var selected = new Selected(stored("m", 3, 2), List.of(2L, 0L, 0L, 1L));
    assertArrayEquals(new float[] {4, 5, 0, 1, 0, 1, 2, 3}, floats(weights, selected));
    assertArrayEquals(new float[] {0, 1, 0, 1}, floats(weights, new Rows(selected, 1, 3)));
    assertArrayEquals(
        new float[] {4, 0, 0, 2, 5, 1, 1, 3}, floats(weights, new Transposed(selected)));
  }

  @Test
  void normalizesVectors() throws IOException {
    var weights = new TestWeights().add("v", Shape.of(3, 2), 3f, -4f, 0f, 0f, 1e-30f, 0f);
    var unit = new Normalized(stored("v", 3, 2));
    assertArrayEquals(new float[] {0.6f, -0.8f, 0, 0, 1e-18f, 0}, floats(weights, unit));
    assertArrayEquals(
        new float[] {0.6f, 0, 1e-18f, -0.8f, 0, 0}, floats(weights, new Transposed(unit)));
  }

  @Test
  void normalizesVectorsOfAnyLength() throws IOException {
    int size = 10_000;
    var values = new float[2 * size];
    Arrays.fill(values, 0, size, 2);
    Arrays.fill(values, size, 2 * size, 5);
    var weights = new TestWeights().add("v", Shape.of(2, size), values);
    var expected = new float[2 * size];
    Arrays.fill(expected, 0.01f);
    assertArrayEquals(expected, floats(weights, new Normalized(stored("v", 2, size))));
  }

  @Test
  void scalesInDoublePrecision() throws IOException {
    var weights = new TestWeights().add("x", Shape.of(2), 3f, -1e30f);
    assertArrayEquals(
        new float[] {(float) (3 / 7.0), (float) ((double) -1e30f / 7.0)},
        floats(weights, new Scaled(stored("x", 2), 1 / 7.0)));
  }

  @Test
  void copiesStoredBytesUnchanged() throws IOException {
    for (var elements : TestWeights.TYPES) {
      var bytes = new byte[4 * elements.bytes()];
      for (int i = 0; i < bytes.length; i++) {
        bytes[i] = (byte) (255 - 3 * i);
      }
      var weights = new TestWeights().add("x", elements, Shape.of(4), bytes);
      assertArrayEquals(bytes, evaluate(weights, new Parameter("x", elements, stored("x", 4))));
      var parts =
          new Stacked(List.of(new Rows(stored("x", 4), 0, 2), new Rows(stored("x", 4), 2, 4)));
      assertArrayEquals(bytes, evaluate(weights, new Parameter("x", elements, parts)));
    }
  }

  @Test
  void widensAndNarrowsToFloat32() throws IOException {
    var float16 = bytes(4).putShort((short) 0x3c00).putShort((short) 0x0001).array();
    var bfloat16 = bytes(4).putShort((short) 0x3f80).putShort((short) 0xc000).array();
    var float64 = bytes(16).putDouble(0.1).putDouble(Double.NEGATIVE_INFINITY).array();
    var weights =
        new TestWeights()
            .add("float16", ElementType.FLOAT16, Shape.of(2), float16)
            .add("bfloat16", ElementType.BFLOAT16, Shape.of(2), bfloat16)
            .add("float64", ElementType.FLOAT64, Shape.of(2), float64);
    var all =
        new Stacked(List.of(stored("float16", 2), stored("bfloat16", 2), stored("float64", 2)));
    assertArrayEquals(
        new float[] {1f, 0x1p-24f, 1f, -2f, 0.1f, Float.NEGATIVE_INFINITY}, floats(weights, all));
  }

  @Test
  void refusesAFloat64ThatIsTooLarge() {
    var weights =
        new TestWeights()
            .add("big", ElementType.FLOAT64, Shape.of(1), bytes(8).putDouble(1e39).array());
    var error = assertThrows(InputException.class, () -> floats(weights, stored("big", 1)));
    assertEquals(
        directory.resolve("w")
            + ": 'p': its largest value 1.0E39 is too large for float32; export it as float64",
        error.getMessage());
  }

  @Test
  void anAbsentTensorHasItsDefaultValues() throws IOException {
    var known = Tensor.of(Shape.of(3), 1f, 0.5f, 0.25f);
    WeightExpression source = new Stored("inv_freq", Shape.of(3), Optional.of(known));
    var file = new TestWeights().add("inv_freq", Shape.of(3), 7f, 8f, 9f);
    assertArrayEquals(new float[] {7, 8, 9}, floats(file, source));
    var other = new TestWeights().add("other", Shape.of(1), 0f);
    assertArrayEquals(new float[] {1, 0.5f, 0.25f}, floats(other, source));
    assertArrayEquals(new float[] {1, 0.5f}, floats(other, new Rows(source.times(2), 1, 3)));
  }

  @Test
  void computesOnlyFloatingPointTypes() {
    var weights = new TestWeights().add("x", ElementType.INT64, Shape.of(1), new byte[8]);
    var scaled = new Parameter("y", ElementType.INT64, new Scaled(stored("x", 1), 2));
    var error = assertThrows(GraphException.class, () -> evaluate(weights, scaled));
    assertTrue(String.valueOf(error.getMessage()).contains("x * 2.0 of type int64"));
  }

  @Test
  void computesFloat64WithoutRoundingToFloat32() throws IOException {
    var single = new TestWeights().add("x", Shape.of(2), 0.1f, Float.MAX_VALUE);
    var scaled = new Parameter("y", ElementType.FLOAT64, new Scaled(stored("x", 2), 3));
    assertArrayEquals(
        bytes(16).putDouble(0.1f * 3.0).putDouble(Float.MAX_VALUE * 3.0).array(),
        evaluate(single, scaled));
    var exact = bytes(8).putDouble(0.1).array();
    var wide = new TestWeights().add("x", ElementType.FLOAT64, Shape.of(1), exact);
    assertArrayEquals(
        exact, evaluate(wide, new Parameter("x", ElementType.FLOAT64, stored("x", 1))));
    var normalized = new Parameter("n", ElementType.FLOAT64, new Normalized(stored("x", 1)));
    assertArrayEquals(bytes(8).putDouble(1).array(), evaluate(wide, normalized));
  }

  @Test
  void anAbsentTensorOfAFloat64ParameterHasExactDefaultValues() throws IOException {
    var known = Tensor.of(Shape.of(1), 0.1);
    WeightExpression source = new Stored("inv_freq", Shape.of(1), Optional.of(known));
    var other = new TestWeights().add("other", Shape.of(1), 0f);
    assertArrayEquals(
        bytes(8).putDouble(0.1).array(),
        evaluate(other, new Parameter("inv_freq", ElementType.FLOAT64, source)));
    assertArrayEquals(new float[] {0.1f}, floats(other, source));
  }

  @Test
  void roundsToFloat16AndBfloat16() throws IOException {
    var weights = new TestWeights().add("x", Shape.of(3), 1 + 0x1p-11f, -3 * 0x1p-11f - 1, 0.1f);
    assertArrayEquals(
        bytes(6).putShort((short) 0x3c00).putShort((short) 0xbc02).putShort((short) 0x2e66).array(),
        evaluate(weights, new Parameter("x", ElementType.FLOAT16, stored("x", 3))));
    assertArrayEquals(
        bytes(6).putShort((short) 0x4000).putShort((short) 0xc000).putShort((short) 0x3e4d).array(),
        evaluate(weights, new Parameter("y", ElementType.BFLOAT16, new Scaled(stored("x", 3), 2))));
  }

  @Test
  void refusesValuesTooLargeForFloat16OrBfloat16() {
    var weights = new TestWeights().add("x", Shape.of(4), 1f, 65520f, -70000f, 66000f);
    var float16 = new Parameter("net.weight", ElementType.FLOAT16, stored("x", 4));
    var error = assertThrows(InputException.class, () -> evaluate(weights, float16));
    assertEquals(
        directory.resolve("w")
            + ": 'net.weight': its largest value -70000.0 is too large for float16; export it as"
            + " bfloat16",
        error.getMessage());
    var huge = new TestWeights().add("x", Shape.of(1), Float.MAX_VALUE);
    var bfloat16 = new Parameter("x", ElementType.BFLOAT16, stored("x", 1));
    assertTrue(
        assertThrows(InputException.class, () -> evaluate(huge, bfloat16))
            .getMessage()
            .endsWith("too large for bfloat16; export it as float32"));
  }

  @Test
  void keepsInfinityAndNanInFloat16() throws IOException {
    var weights =
        new TestWeights()
            .add(
                "x",
                Shape.of(3),
                65519f,
                Float.NEGATIVE_INFINITY,
                Float.intBitsToFloat(0x7f800001));
    assertArrayEquals(
        bytes(6).putShort((short) 0x7bff).putShort((short) 0xfc00).putShort((short) 0x7e00).array(),
        evaluate(weights, new Parameter("x", ElementType.FLOAT16, stored("x", 3))));
  }

  @Test
  void addsANumberToEachElement() throws IOException {
    var weights = new TestWeights().add("x", Shape.of(2), 0.5f, -1f);
    assertArrayEquals(new float[] {1.5f, 0f}, floats(weights, stored("x", 2).plus(1)));
  }

  @Test
  void splitsThePairsOfEachGroup() throws IOException {
    var weights = new TestWeights().add("x", Shape.of(10, 1), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
    var split = new WeightExpression.PairsSplit(stored("x", 10, 1), 5, 4);
    assertArrayEquals(new float[] {0, 2, 1, 3, 4, 5, 7, 6, 8, 9}, floats(weights, split));
    assertEquals("splitPairs(x, 4 of 5)", split.describe());
  }

  private float[] floats(TestWeights weights, WeightExpression expression) throws IOException {
    var bytes = evaluate(weights, new Parameter("p", ElementType.FLOAT32, expression));
    var floats = new float[bytes.length / Float.BYTES];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(floats);
    return floats;
  }

  private byte[] evaluate(TestWeights weights, Parameter parameter) throws IOException {
    try (var file = SafetensorsFile.open(weights.write(directory.resolve("w")))) {
      var written = new ByteArrayOutputStream();
      new Evaluation(Binding.bind(List.of(parameter), file, NameRules.unused(List.of("*"))))
          .write(
              parameter,
              bytes -> {
                var copy = new byte[bytes.remaining()];
                bytes.get(copy);
                written.write(copy);
              });
      return written.toByteArray();
    }
  }

  private static ByteBuffer bytes(int count) {
    return ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static WeightExpression stored(String name, long... shape) {
    return new Stored(name, Shape.of(shape));
  }
}
