package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Attribute;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Graph;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Precision;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Graphs in float64. */
class Float64Test {
  private static final EmitOptions FLOAT64 = EmitOptions.STANDARD.withPrecision(Precision.FLOAT64);

  /** Numbers and their error functions, computed with 30 digits. */
  private static final double[][] ERROR_FUNCTION = {
    {1e-300, 1.1283791670955126e-300},
    {1e-8, 1.1283791670955126e-08},
    {0.1, 0.1124629160182849},
    {0.5, 0.5204998778130465},
    {0.84375, 0.7672256612323416},
    {0.99999, 0.8426966418332298},
    {1, 0.8427007929497149},
    {1.25, 0.9229001282564583},
    {1.7, 0.9837904585907745},
    {2.5, 0.999593047982555},
    {3.9, 0.9999999652077514},
    {5.5, 0.9999999999999927},
    {5.9, 0.9999999999999999},
    {6, 1.0},
    {30, 1.0}
  };

  @TempDir private Path folder;

  private double[] computed(BiFunction<Scope, Value, Value> operator, double... values) {
    var builder = new ModelBuilder("float64", FLOAT64);
    var x = builder.graph().input("x", new TensorType(ElementType.FLOAT64, Shape.of(Dim.of("n"))));
    builder.output("y", operator.apply(Scope.of(builder.graph()), x));
    try (var model = BuiltModel.load(builder.build(), folder)) {
      return model.run(Map.of("x", Tensor.ofDoubles(values, values.length))).get("y").doubles();
    }
  }

  private void assertExact(
      BiFunction<Scope, Value, Value> operator, DoubleUnaryOperator expected, double... values) {
    var actual = computed(operator, values);
    for (int i = 0; i < values.length; i++) {
      double wanted = expected.applyAsDouble(values[i]);
      assertEquals(wanted, actual[i], 4 * Math.ulp(wanted), "at " + values[i]);
    }
  }

  @Test
  void theErrorFunctionIsExactToTwoRoundings() {
    for (var pair : ERROR_FUNCTION) {
      var actual = computed(Scope::erf, pair[0], -pair[0]);
      assertEquals(pair[1], actual[0], 2 * Math.ulp(pair[1]), "erf of " + pair[0]);
      assertEquals(-pair[1], actual[1], 2 * Math.ulp(pair[1]), "erf of " + -pair[0]);
    }
  }

  @Test
  void softplusNeitherOverflowsNorLosesSmallValues() {
    assertExact(
        Scope::softplus,
        x -> x > 40 ? x : Math.log1p(Math.exp(x)),
        -700,
        -40,
        -1,
        0,
        1e-9,
        2,
        39,
        1000);
  }

  @Test
  void theSigmoidIsExactInBothTails() {
    assertExact(Scope::sigmoid, x -> 1 / (1 + Math.exp(-x)), -700, -40, -1, 0, 1, 40, 1000);
  }

  @Test
  void theApproximateGeluIsExact() {
    assertExact(
        Scope::geluTanh,
        x -> x * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x))) / 2,
        -1,
        0,
        0.5,
        3);
  }

  @ParameterizedTest
  @ValueSource(ints = {17, 23})
  void everyFloatingPointValueIsFloat64(int opset) {
    for (var path : CaseTests.sample(Path.of("cases"))) {
      var folder = CaseFolder.read(path);
      var request = CaseChecks.request(folder, folder.steps().get(0)).toBuilder();
      var emit = FLOAT64.withOpset(opset).withTarget(Target.ONNXRUNTIME);
      var types = types(folder.architecture().build(request.emit(emit).build()));
      assertFalse(types.contains(ElementType.FLOAT32), folder.name());
    }
  }

  private static Set<ElementType> types(Model model) {
    var types = new HashSet<ElementType>();
    add(types, model.graph());
    return types;
  }

  private static void add(Set<ElementType> types, Graph graph) {
    graph.inputs().forEach(input -> types.add(input.elements()));
    graph.parameters().forEach(parameter -> types.add(parameter.elements()));
    graph.constants().forEach(constant -> types.add(constant.value().type().elements()));
    for (var node : graph.nodes()) {
      node.types().forEach(type -> types.add(type.elements()));
      for (var attribute : node.attributes().values()) {
        if (attribute instanceof Attribute.Branch branch) {
          add(types, branch.graph());
        }
      }
    }
  }
}
