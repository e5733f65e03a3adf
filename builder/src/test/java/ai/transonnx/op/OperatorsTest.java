package ai.transonnx.op;

import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.INT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.GraphException;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class OperatorsTest {
  private final ModelBuilder model = new ModelBuilder("test", EmitOptions.STANDARD);
  private final Scope s = Scope.of(model.graph()).child("net");
  private final Dim b = Dim.of("b");
  private final Dim n = Dim.of("n");
  private final Value x = input("x", FLOAT32, b, n, Dim.of(16));

  private Value input(String name, ElementType type, Dim... dims) {
    return model.graph().input(name, new TensorType(type, Shape.of(dims)));
  }

  private static void assertShape(String expected, Value value) {
    assertEquals(expected, value.shape().toString());
  }

  private static void assertRejected(String message, Executable action) {
    assertEquals(message, assertThrows(GraphException.class, action).getMessage());
  }

  @Test
  void elementwiseOperandsBroadcast() {
    assertShape("[b, n, 16]", s.add(x, input("bias", FLOAT32, Dim.of(16))));
    assertShape("[b, n, 16]", s.mul(input("scale", FLOAT32, Dim.of(1)), x));
  }

  @Test
  void shapesThatDoNotBroadcastAreRejected() {
    var y = input("y", FLOAT32, b, n, Dim.of(24));
    assertRejected(
        "net/Add: shapes [b, n, 16] and [b, n, 24] do not broadcast: 16 is not 24",
        () -> s.add(x, y));
  }

  @Test
  void symbolicSizesThatMayDifferDoNotBroadcast() {
    var y = input("y", FLOAT32, b, Dim.of("m"), Dim.of(16));
    assertRejected(
        "net/Mul: shapes [b, n, 16] and [b, m, 16] do not broadcast: n is not m",
        () -> s.mul(x, y));
  }

  @Test
  void operandsOfDifferentTypesAreRejected() {
    assertRejected(
        "net/Add: operands must have one element type, got float32 [b, n, 16] and int64 []",
        () -> s.add(x, s.scalar(1L)));
  }

  @Test
  void matrixProductsCheckTheInnerSize() {
    assertShape("[b, n, 3]", s.matMul(x, input("w", FLOAT32, Dim.of(16), Dim.of(3))));
    var wrong = input("v", FLOAT32, Dim.of(3), Dim.of(16));
    assertRejected(
        "net/MatMul: float32 [b, n, 16] and float32 [3, 16] cannot be multiplied: 16 is not 3",
        () -> s.matMul(x, wrong));
  }

  @Test
  void gemmTakesTheWeightTransposed() {
    var rows = input("rows", FLOAT32, n, Dim.of(16));
    var weight = input("w", FLOAT32, Dim.of(3), Dim.of(16));
    assertShape("[n, 3]", s.gemm(rows, weight, input("c", FLOAT32, Dim.of(3))));
    var wrong = input("d", FLOAT32, Dim.of(16));
    assertThrows(GraphException.class, () -> s.gemm(rows, weight, wrong));
  }

  @Test
  void reshapeInfersOneSize() {
    assertShape("[b, n, 4, 4]", s.reshape(x, Shape.of(b, n, Dim.of(4), Dim.of(4))));
    assertRejected(
        "net/Reshape: float32 [b, n, 16] cannot be reshaped to [n, b, 16]: more than one size must"
            + " be inferred; give the sizes as a value",
        () -> s.reshape(x, Shape.of(n, b, Dim.of(16))));
  }

  @Test
  void reshapeKeepsTheNumberOfElements() {
    var fixed = input("fixed", FLOAT32, Dim.of(4), Dim.of(4));
    assertRejected(
        "net/Reshape: float32 [4, 4] cannot be reshaped to [3, 5]: the numbers of elements differ",
        () -> s.reshape(fixed, Shape.of(3, 5)));
    assertRejected(
        "net/Reshape: float32 [b, n, 16] cannot be reshaped to [b, n, 3, 5]: the numbers of"
            + " elements differ",
        () -> s.reshape(x, Shape.of(b, n, Dim.of(3), Dim.of(5))));
  }

  @Test
  void slicesHaveExactSymbolicSizes() {
    assertShape("[b, n - 1, 16]", s.slice(x, 1, 0, -1));
    assertShape("[b, 1, 16]", s.slice(x, 1, -1, Indexing.END));
    assertShape("[b, n, 4]", s.slice(x, -1, 12, Indexing.END));
  }

  @Test
  void slicesBeyondAnAxisAreRejected() {
    assertRejected(
        "net/Slice: float32 [b, n, 16] has no elements 8 to 17 along axis 2",
        () -> s.slice(x, 2, 8, 17));
    assertRejected("net/Slice: float32 [b, n, 16] has no axis 3", () -> s.slice(x, 3, 0, 1));
  }

  @Test
  void concatenationAddsSizes() {
    var past = input("past", FLOAT32, b, Dim.of("p"), Dim.of(16));
    assertShape("[b, n + p, 16]", s.concat(1, past, x));
    assertThrows(GraphException.class, () -> s.concat(2, past, x));
  }

  @Test
  void splitsMustCoverTheAxis() {
    assertEquals(2, s.split(x, 2, 10, 6).size());
    assertRejected(
        "net/Split: float32 [b, n, 16] cannot be split into [10, 5] along axis 2",
        () -> s.split(x, 2, 10, 5));
  }

  @Test
  void gatherReplacesTheAxisWithTheDimensionsOfTheIndices() {
    var table = input("table", FLOAT32, Dim.of(24), Dim.of(16));
    assertShape("[b, n, 16]", s.gather(table, 0, input("tokens", INT64, b, n)));
    assertThrows(GraphException.class, () -> s.gather(table, 0, x));
  }

  @Test
  void scatterAndGatherRejectIndicesOfMoreAxesThanTheTensorHas() {
    var indices = s.unsqueeze(s.vector(0, 0, 0, 0), 0); // [1, 4]
    assertRejected(
        "net/ScatterND: indices of int64 [1, 4] address 4 axes, but float32 [b, n, 16] has 3",
        () -> s.scatter(x, indices, x));
    assertRejected(
        "net/GatherND: indices of int64 [1, 4] address 4 axes, but float32 [b, n, 16] has 3",
        () -> s.gatherParts(x, indices));
  }

  @Test
  void transposeTakesEachAxisOnce() {
    assertShape("[16, b, n]", s.transpose(x, 2, 0, 1));
    assertThrows(GraphException.class, () -> s.transpose(x, 0, 0, 1));
  }

  @Test
  void layerNormalizationChecksItsWeight() {
    var ok = input("w", FLOAT32, Dim.of(16));
    var wrong = input("v", FLOAT32, Dim.of(8));
    assertShape("[b, n, 16]", s.layerNormalization(x, ok, ok, 1e-5f));
    assertThrows(GraphException.class, () -> s.layerNormalization(x, ok, wrong, 1e-5f));
  }

  @Test
  void branchesUseValuesOfTheEnclosingGraph() {
    var results =
        s.ifElse(
            s.equal(s.size(x, 1), s.vector(1)),
            List.of(x.type()),
            one -> List.of(one.add(x, x)),
            many -> List.of(many.neg(x)));
    assertShape("[b, n, 16]", results.get(0));
  }

  @Test
  void branchesMustReturnTheDeclaredTypes() {
    var condition = s.equal(s.size(x, 1), s.vector(1));
    assertThrows(
        GraphException.class,
        () ->
            s.ifElse(
                condition, List.of(x.type()), one -> List.of(s.size(x, 1)), many -> List.of(x)));
  }

  @Test
  void geluIsComposedOfOlderOperatorsBeforeOpset20() {
    var old = new ModelBuilder("old", EmitOptions.STANDARD.withOpset(17));
    var input = old.graph().input("x", new TensorType(FLOAT32, Shape.of(n)));
    Scope.of(old.graph()).gelu(input);
    var operators = old.build().graph().nodes().stream().map(node -> node.operator()).toList();
    assertEquals(List.of("Mul", "Erf", "Add", "Mul", "Mul"), operators);
  }

  @Test
  void reductionsTakeTheirAxesAsAttributeOrOperandByOpset() {
    for (int opset : new int[] {17, 18}) {
      var model = new ModelBuilder("reductions", EmitOptions.STANDARD.withOpset(opset));
      var scope = Scope.of(model.graph());
      var x = model.graph().input("x", new TensorType(ElementType.FLOAT32, Shape.of(2, 3)));
      model.output("norm", scope.norm(x));
      model.output("max", scope.keptMax(x, 1));
      for (var node : model.build().graph().nodes()) {
        assertEquals(opset == 17 ? 1 : 2, node.inputs().size());
        assertEquals(opset == 17, node.attributes().containsKey("axes"));
      }
    }
  }

  @Test
  void rotationIsComposedOfOlderOperatorsBeforeOpset23() {
    for (int opset : new int[] {22, 23}) {
      var model = new ModelBuilder("rotation", EmitOptions.STANDARD.withOpset(opset));
      var heads = model.graph().input("x", new TensorType(FLOAT32, Shape.of(b, n, Dim.of(16))));
      var waves = new TensorType(FLOAT32, Shape.of(b, n, Dim.of(3)));
      var cosines = model.graph().input("cosines", waves);
      var sines = model.graph().input("sines", waves);
      assertShape("[b, n, 16]", Scope.of(model.graph()).rotatePairs(heads, cosines, sines, 2));
      var operators = model.build().graph().nodes().stream().map(node -> node.operator()).toList();
      assertEquals(opset == 23, operators.contains("RotaryEmbedding"));
    }
  }

  @Test
  void rotatingMoreFeaturesThanAHeadHasIsRejected() {
    var waves = input("waves", FLOAT32, b, n, Dim.of(5));
    assertRejected(
        "net/RotaryEmbedding: 2 heads of float32 [b, n, 16] cannot be rotated by"
            + " cosines of float32 [b, n, 5] and sines of float32 [b, n, 5]",
        () -> s.rotatePairs(x, waves, waves, 2));
    var few = input("few", FLOAT32, b, n, Dim.of(1));
    assertThrows(GraphException.class, () -> s.rotatePairs(x, few, few, 3));
  }

  @Test
  void portableGraphsRejectOperatorsOfOnnxRuntime() {
    var q = input("q", FLOAT32, Dim.of(1), Dim.of(3), Dim.of(8));
    assertThrows(GraphException.class, () -> s.multiHeadAttention(q, q, q, 2));
    var forRuntime =
        new ModelBuilder("runtime", EmitOptions.STANDARD.withTarget(Target.ONNXRUNTIME));
    var x = forRuntime.graph().input("q", q.type());
    var attended = Scope.of(forRuntime.graph()).multiHeadAttention(x, x, x, 2);
    assertEquals(q.type(), attended.type());
  }
}
