package ai.transonnx.op;

import static ai.transonnx.format.ElementType.BFLOAT16;
import static ai.transonnx.format.ElementType.BOOL;
import static ai.transonnx.format.ElementType.FLOAT16;
import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.internal.function.TokenShift;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The casts that operators insert in float16 and bfloat16 models. */
class PrecisionTest {
  private final ModelBuilder model = model(Precision.FLOAT16);
  private final Scope s = Scope.of(model.graph());
  private final Value x =
      model.graph().input("x", new TensorType(FLOAT32, Shape.of(Dim.of("n"), Dim.of(4))));

  private static ModelBuilder model(Precision precision) {
    return new ModelBuilder("test", EmitOptions.STANDARD.withPrecision(precision));
  }

  private List<String> operators() {
    return model.build().graph().nodes().stream().map(Node::operator).toList();
  }

  private Value float16() {
    return s.gemm(x, s.matrix("weight", 4, 4));
  }

  @Test
  void matrixProductsTakeAndReturnFloat16() {
    assertEquals(FLOAT16, float16().elements());
    assertEquals(FLOAT16, s.matMul(x, s.transpose(x, 1, 0)).elements());
    assertEquals(FLOAT16, s.gemm(x, s.matrix("w", 4, 4), s.parameter("b", 4)).elements());
  }

  @Test
  void float32ModelsHaveNoCasts() {
    var plain = model(Precision.FLOAT32);
    var scope = Scope.of(plain.graph());
    var given = plain.graph().input("x", x.type());
    plain.output("y", scope.softmax(scope.gemm(given, scope.matrix("w", 4, 4))));
    assertEquals(
        List.of("Gemm", "Softmax"),
        plain.build().graph().nodes().stream().map(Node::operator).toList());
  }

  @Test
  void float64ModelsKeepExactConstantsAndHaveNoCasts() {
    var wide = model(Precision.FLOAT64);
    var scope = Scope.of(wide.graph());
    var given = wide.graph().input("x", new TensorType(FLOAT64, x.shape()));
    var product = scope.gemm(given, scope.matrix("w", 4, 4), scope.parameter("b", 4));
    var scaled = scope.mul(scope.softmax(product), scope.scalar(0.1));
    assertEquals(FLOAT64, wide.output("y", scaled).elements());
    var graph = wide.build().graph();
    assertEquals(
        List.of("Gemm", "Softmax", "Mul"), graph.nodes().stream().map(Node::operator).toList());
    assertEquals(0.1, graph.constants().get(0).value().bytes().getDouble());
  }

  @Test
  void operatorsWithoutAFloat64KernelAreWrittenAsExpressions() {
    var wide = model(Precision.FLOAT64);
    var scope = Scope.of(wide.graph()).child("ff");
    var given = wide.graph().input("x", new TensorType(FLOAT64, x.shape()));
    wide.output("y", scope.relu(scope.gelu(given)));
    var nodes = wide.build().graph().nodes();
    assertTrue(nodes.stream().noneMatch(node -> node.operator().equals("Gelu")));
    assertTrue(nodes.stream().anyMatch(node -> node.outputs().contains("ff/Gelu")));
    assertEquals(List.of("ff/Gelu"), nodes.get(nodes.size() - 1).inputs());
  }

  @Test
  void operatorsThatWouldLosePrecisionComputeInFloat32() {
    for (var y :
        List.of(
            s.softmax(float16()),
            s.logSoftmax(float16()),
            s.layerNormalization(float16(), s.parameter("g", 4), s.parameter("b", 4), 1e-5f),
            s.norm(float16()),
            s.sum(float16(), 1),
            s.keptSum(float16(), 1),
            s.mean(float16()),
            s.cumSum(float16(), 0),
            s.exp(float16()),
            s.log(float16()),
            s.sqrt(float16()),
            s.sin(float16()),
            s.erf(float16()),
            s.pow(float16(), s.scalar(2f)))) {
      assertEquals(FLOAT32, y.elements(), y.toString());
    }
  }

  @Test
  void operandsOfDifferentTypesAreCastToFloat32() {
    assertEquals(FLOAT32, s.add(float16(), x).elements());
    assertEquals(FLOAT32, s.concat(0, x, float16()).elements());
    assertEquals(FLOAT32, s.where(s.less(float16(), x), x, float16()).elements());
    assertEquals(FLOAT16, s.mul(float16(), s.sigmoid(float16())).elements());
  }

  @Test
  void constantsTakeTheTypeOfTheOtherOperand() {
    assertEquals(FLOAT16, s.mul(float16(), s.scalar(0.1f)).elements());
    assertEquals(FLOAT16, s.max(s.scalar(0f), float16()).elements());
  }

  @Test
  void constantsOutOfTheRangeOfFloat16CastTheOtherOperandToFloat32() {
    assertEquals(FLOAT32, s.max(float16(), s.scalar(1e-12f)).elements());
    assertEquals(FLOAT32, s.add(float16(), s.scalar(-1e30f)).elements());
    var brain = Scope.of(model(Precision.BFLOAT16).graph());
    var y = brain.cast(brain.matrix("w", 4, 4), BFLOAT16);
    assertEquals(BFLOAT16, brain.max(y, brain.scalar(1e-12f)).elements());
    assertEquals(FLOAT32, brain.add(y, brain.scalar(-Float.MAX_VALUE)).elements());
  }

  @Test
  void aConstantThatIsOnlyUsedInAnotherTypeIsOmitted() {
    model.output("y", s.mul(float16(), s.scalar(0.1f)));
    assertEquals(
        List.of(FLOAT16),
        model.build().graph().constants().stream().map(c -> c.value().type().elements()).toList());
  }

  @Test
  void equalCastsShareOneNode() {
    var weight = s.matrix("weight", 4, 4);
    model.output("a", s.softmax(s.gemm(x, weight)));
    model.output("b", s.gemm(s.neg(x), weight));
    model.output("c", s.sigmoid(s.gemm(x, weight)));
    assertEquals(
        List.of(
            "Cast",
            "Transpose",
            "MatMul",
            "Cast",
            "Softmax",
            "Neg",
            "Cast",
            "MatMul",
            "Cast",
            "Sigmoid",
            "Cast"),
        operators());
  }

  @Test
  void narrowingAWidenedValueReturnsTheOriginal() {
    var y = float16();
    assertSame(y, s.cast(s.widen(y), FLOAT16));
  }

  @Test
  void matricesAreStoredInFloat16AndOtherWeightsInFloat32() {
    model.output("y", s.mul(float16(), s.parameter("scale", 4)));
    assertEquals(
        List.of("weight float16", "scale float32"),
        model.build().graph().parameters().stream()
            .map(p -> p.name() + " " + p.elements())
            .toList());
  }

  @Test
  void aWeightThatIsUsedInTwoTypesIsStoredOnce() {
    var matrix = s.matrix("weight", 4, 4);
    var exact = s.parameter("weight", 4, 4);
    assertEquals(FLOAT16, matrix.elements());
    assertEquals(FLOAT32, exact.elements());
    assertEquals(1, model.build().graph().parameters().size());
  }

  @Test
  void aScopeCanComputeMatrixProductsInFloat32() {
    var exact = s.inWideType();
    var matrix = exact.matrix("weight", 4, 4);
    assertEquals(FLOAT16, matrix.elements());
    assertEquals(FLOAT32, exact.gemm(x, matrix).elements());
    assertEquals(FLOAT32, s.beyondFloat16().gemm(x, matrix).elements());
  }

  @Test
  void outputsAreFloat32() {
    assertEquals(FLOAT32, model.output("y", float16()).elements());
  }

  @Test
  void stateOutputsHaveTheTypeOfTheirInputs() {
    var past =
        model.past("sum", StateRole.MEMORY, new TensorType(FLOAT16, x.shape()), Shape.of(0, 4));
    assertEquals(FLOAT16, model.present("sum", s.add(past, x)).elements());
  }

  @Test
  void functionsTakeFloat32() {
    var sequence = s.unsqueeze(float16(), 0);
    var past = s.constant(ai.transonnx.graph.Tensor.of(Shape.of(1, 1, 4), 0f, 0, 0, 0));
    assertEquals(FLOAT32, TokenShift.of(s, sequence, past).shifted().elements());
    assertTrue(
        model.build().functions().get(0).nodes().stream()
            .flatMap(node -> node.types().stream())
            .noneMatch(type -> type.elements().isHalf()));
  }

  @Test
  void bothBranchesReturnTheDeclaredType() {
    var y = float16();
    var wide = s.widen(y);
    var condition = model.graph().input("condition", new TensorType(BOOL, Shape.SCALAR));
    var chosen =
        s.ifElse(
            condition,
            List.of(y.type()),
            then -> List.of(wide), // narrowing returns a value of the enclosing graph
            otherwise -> List.of(otherwise.mul(x, x)));
    model.output("y", chosen.get(0));
    var branches =
        model.build().graph().nodes().stream()
            .filter(node -> node.operator().equals("If"))
            .flatMap(node -> node.attributes().values().stream())
            .map(attribute -> ((Attribute.Branch) attribute).graph())
            .toList();
    for (var branch : branches) {
      assertEquals(FLOAT16, branch.outputs().get(0).elements());
      var made = branch.nodes().stream().flatMap(node -> node.outputs().stream()).toList();
      assertTrue(made.contains(branch.outputs().get(0).name()), branch.name());
    }
  }

  @Test
  void theModelRecordsItsPrecision() {
    assertEquals("float16", model.build().properties().get(MetadataKey.DTYPE.key()));
  }

  @Test
  void unknownNamesOfPrecisionsAreRejected() {
    assertEquals(Precision.BFLOAT16, Precision.of("bfloat16"));
    var error =
        org.junit.jupiter.api.Assertions.assertThrows(
            InputException.class, () -> Precision.of("half"));
    assertEquals(
        "unknown dtype 'half'; expected float32, float64, float16 or bfloat16", error.getMessage());
    assertEquals(ElementType.FLOAT32, Precision.FLOAT32.computeType());
  }
}
