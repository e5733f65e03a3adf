package ai.transonnx.op;

import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.GraphException;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Operands of another type, rank or size than an operator takes, and sizes at the boundaries. */
class OperandsTest {
  private final ModelBuilder model = new ModelBuilder("test", EmitOptions.STANDARD);
  private final Scope s = Scope.of(model.graph()).child("net");
  private final Dim b = Dim.of("b");
  private final Dim n = Dim.of("n");
  private final Value x = input(FLOAT32, b, n, Dim.of(16));
  private int inputs;

  private Value input(ElementType type, Dim... dims) {
    return model.graph().input("input" + inputs++, new TensorType(type, Shape.of(dims)));
  }

  private Value integers(long... dims) {
    return model.graph().input("input" + inputs++, new TensorType(INT64, Shape.of(dims)));
  }

  private Value floats(long... dims) {
    return model.graph().input("input" + inputs++, new TensorType(FLOAT32, Shape.of(dims)));
  }

  private static void assertShape(String expected, Value value) {
    assertEquals(expected, value.shape().toString());
  }

  private static void assertRejected(String part, Executable action) {
    var message = String.valueOf(assertThrows(GraphException.class, action).getMessage());
    assertTrue(message.contains(part), message);
  }

  @Test
  void matrixProductsTakeMatricesOfOneType() {
    assertRejected("one element type", () -> s.matMul(x, integers(16, 3)));
    assertRejected("at least 2 dimensions", () -> s.matMul(floats(16), floats(16, 3)));
    assertRejected("at least 2 dimensions", () -> s.matMul(floats(3, 16), floats(16)));
  }

  @Test
  void linearLayersTakeTwoMatricesOfOneType() {
    assertRejected("one element type", () -> s.gemm(floats(2, 4), integers(3, 4), floats(3)));
    assertRejected("one element type", () -> s.gemm(floats(2, 4), floats(3, 4), integers(3)));
    assertRejected("expected 2 dimensions", () -> s.gemm(floats(2, 4, 4), floats(3, 4), floats(3)));
    assertRejected("expected 2 dimensions", () -> s.gemm(floats(2, 4), floats(3, 4, 1), floats(3)));
    assertRejected("does not match", () -> s.gemm(floats(2, 5), floats(3, 4), floats(3)));
  }

  @Test
  void convolutionsOfPositionsChangeTheNumberOfChannels() {
    assertShape("[2, 5, 7, 8]", s.pointwiseConvolution(floats(2, 3, 7, 8), floats(5, 3, 1, 1)));
    assertRejected(
        "does not match", () -> s.pointwiseConvolution(floats(2, 3, 7, 8), floats(5, 4, 1, 1)));
    assertRejected(
        "does not match", () -> s.pointwiseConvolution(floats(2, 3, 7, 8), floats(5, 3, 2, 1)));
    assertRejected(
        "expected 4 dimensions", () -> s.pointwiseConvolution(floats(2, 3, 7), floats(5, 3, 1, 1)));
    assertRejected(
        "one element type", () -> s.pointwiseConvolution(floats(2, 3, 7, 8), integers(5, 3, 1, 1)));
  }

  @Test
  void operatorsOfRealNumbersRejectIntegers() {
    assertRejected("expected a floating-point tensor", () -> s.softmax(integers(2, 3)));
    assertRejected("expected a floating-point tensor", () -> s.logSoftmax(integers(2, 3)));
    assertRejected("expected a floating-point tensor", () -> s.norm(integers(2, 3)));
    assertRejected(
        "expected a floating-point tensor",
        () -> s.layerNormalization(integers(2, 3), floats(3), null, 1e-5));
  }

  @Test
  void layerNormalizationTakesAWeightAndABiasOfItsAxis() {
    assertShape("[2, 3]", s.layerNormalization(floats(2, 3), floats(3), floats(3), 1e-5));
    assertRejected(
        "got float32 [2] and none",
        () -> s.layerNormalization(floats(2, 3), floats(2), null, 1e-5));
    assertRejected(
        "got float32 [3] and float32 [2]",
        () -> s.layerNormalization(floats(2, 3), floats(3), floats(2), 1e-5));
  }

  @Test
  void indicesAreInt64() {
    assertRejected("expected int64", () -> s.slice(x, 1, floats(1), integers(1), n));
    assertRejected("expected int64", () -> s.slice(x, 1, integers(1), floats(1), n));
    assertRejected("expected int64", () -> s.gatherElements(x, x));
    assertRejected("expected int64", () -> s.gatherParts(floats(4, 5), floats(2, 1)));
    assertRejected("expected int64", () -> s.scatter(floats(4, 5), floats(2, 1), floats(2, 5)));
    assertRejected("expected int64", () -> s.expand(floats(1), floats(1), Shape.of(3)));
    assertRejected("expected int64", () -> s.reshape(floats(4), floats(1), Shape.of(4)));
    assertRejected("expected int64", () -> s.range(floats(1), n));
    assertRejected("expected 1 dimensions", () -> s.range(integers(1, 1), n));
  }

  @Test
  void slicesReachTheEndsOfAnAxis() {
    assertShape("[0, 5]", s.slice(floats(4, 5), 0, 0, 0));
    assertShape("[4, 5]", s.slice(floats(4, 5), 0, 0, 4));
    assertShape("[4, 5]", s.slice(floats(4, 5), 0, -4, 4));
    assertRejected("has no elements 0 to 5", () -> s.slice(floats(4, 5), 0, 0, 5));
    assertRejected("has no elements -5 to 2", () -> s.slice(floats(4, 5), 0, -5, 2));
    assertRejected("has no elements 3 to 2", () -> s.slice(floats(4, 5), 0, 3, 2));
  }

  @Test
  void indicesOfSlicesSpanTheFirstAxes() {
    assertShape("[7, 5, 6]", s.gatherParts(floats(4, 5, 6), integers(7, 1)));
    assertShape("[7, 8, 6]", s.gatherParts(floats(4, 5, 6), integers(7, 8, 2)));
    assertShape("[7]", s.gatherParts(floats(4, 5, 6), integers(7, 3)));
    assertRejected("address 4 axes", () -> s.gatherParts(floats(4, 5, 6), integers(7, 4)));
  }

  @Test
  void replacedSlicesHaveTheShapeOfThoseRead() {
    assertShape("[4, 5, 6]", s.scatter(floats(4, 5, 6), integers(7, 2), floats(7, 6)));
    assertShape("[4, 5, 6]", s.scatter(floats(4, 5, 6), integers(7, 1), floats(7, 5, 6)));
    assertRejected(
        "takes new slices of shape [7, 6], got float32 [7, 5]",
        () -> s.scatter(floats(4, 5, 6), integers(7, 2), floats(7, 5)));
    assertRejected(
        "one element type", () -> s.scatter(floats(4, 5), integers(7, 1), integers(7, 5)));
  }

  @Test
  void elementsAreGatheredAlongTheLastAxis() {
    assertShape("[4, 2]", s.gatherElements(floats(4, 5), integers(4, 2)));
    assertRejected("cannot be indexed by", () -> s.gatherElements(floats(4, 5), integers(3, 5)));
  }

  @Test
  void paddingAddsToOneAxis() {
    assertShape("[4, 10]", s.pad(floats(4, 5), 1, 2, 3));
    assertShape("[7, 5]", s.pad(floats(4, 5), 0, 3, 0));
    assertShape("[b, n + 2, 16]", s.pad(x, 1, 2, 0));
    assertShape("[b, m, 16]", s.padEnd(x, 1, integers(1), Dim.of("m")));
    assertRejected("has no axis 2", () -> s.pad(floats(4, 5), 2, 1, 1));
  }

  @Test
  void concatenatedTensorsHaveOneType() {
    assertShape("[4, 8]", s.concat(1, floats(4, 5), floats(4, 3)));
    assertRejected("one element type", () -> s.concat(0, floats(4), integers(4)));
    assertRejected("cannot be concatenated", () -> s.concat(1, floats(4, 5), floats(3, 5)));
    assertRejected("cannot be concatenated", () -> s.concat(0, floats(4, 5), floats(4)));
  }

  @Test
  void rotatedHeadsHaveRoomForAllPairs() {
    assertShape("[2, 3, 16]", s.rotatePairs(floats(2, 3, 16), floats(2, 3, 4), floats(2, 3, 4), 2));
    assertRejected(
        "cannot be rotated",
        () -> s.rotatePairs(floats(2, 3, 16), floats(2, 3, 5), floats(2, 3, 5), 2));
    assertRejected(
        "cannot be rotated",
        () -> s.rotatePairs(floats(2, 3, 16), floats(2, 3, 4), floats(2, 3, 4), 3));
    assertRejected(
        "cannot be rotated",
        () -> s.rotatePairs(floats(2, 3, 16), floats(2, 4, 4), floats(2, 4, 4), 2));
    assertRejected(
        "expected 3 dimensions",
        () -> s.rotatePairs(floats(2, 16), floats(2, 3, 4), floats(2, 3, 4), 2));
    assertRejected(
        "expected 3 dimensions",
        () -> s.rotatePairs(floats(2, 3, 16), floats(2, 4), floats(2, 4), 2));
  }

  @Test
  void sizesAreThoseOfAxesThatExist() {
    assertShape("[3]", s.sizes(x, 0, 3));
    assertShape("[0]", s.sizes(x, 3, 3));
    assertRejected("has no axes 0 to 4", () -> s.sizes(x, 0, 4));
    assertRejected("has no axes -1 to 2", () -> s.sizes(x, -1, 2));
    assertRejected("has no axes 2 to 1", () -> s.sizes(x, 2, 1));
  }
}
