package ai.transonnx.graph;

import static ai.transonnx.format.ElementType.FLOAT16;
import static ai.transonnx.format.ElementType.FLOAT32;
import static ai.transonnx.format.ElementType.FLOAT64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.internal.function.DiscountedCumulativeSum;
import ai.transonnx.op.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class WideModelTest {
  private final ModelBuilder builder =
      new ModelBuilder(
          "test",
          new EmitOptions(EmitOptions.MAX_OPSET, Target.FLOAT64_KERNELS, Precision.FLOAT16));
  private final Scope s = Scope.of(builder.graph());

  private Value input(String name, long length) {
    return builder
        .graph()
        .input(name, new TensorType(FLOAT32, Shape.of(Dim.of("b"), Dim.of(length), Dim.of(4))));
  }

  @Test
  void weightsKeepTheirTypeAndConstantsTheirRounding() {
    var product = s.matMul(input("x", 3), s.matrix("w", 4, 4));
    builder.output("y", s.add(s.softmax(product), s.scalar(0.1)));
    var graph = WideModel.of(builder.build()).graph();
    assertEquals(FLOAT16, graph.parameters().get(0).elements());
    assertEquals((double) 0.1f, graph.constants().get(0).value().bytes().getDouble());
    assertEquals(FLOAT64, graph.inputs().get(0).elements());
    assertEquals(FLOAT64, graph.outputs().get(0).elements());
    assertTrue(
        graph.nodes().stream()
            .flatMap(node -> node.types().stream())
            .allMatch(type -> type.elements() == FLOAT64));
    assertTrue(graph.nodes().stream().anyMatch(n -> n.inputs().equals(List.of("w"))));
  }

  @Test
  void expandedOperatorsHaveTheTypeOfTheOperatorsThatTheyReplace() {
    var product = s.matMul(input("x", 3), s.matrix("w", 4, 4));
    assertEquals(FLOAT16, product.elements());
    assertEquals(FLOAT32, s.softplus(product).elements());
    assertEquals(FLOAT32, s.erf(product).elements());
  }

  @Test
  void valuesKeepTheirNames() {
    builder.output(
        "y", s.child("net").softmax(s.child("net").matMul(input("x", 3), s.matrix("w", 4, 4))));
    var model = builder.build();
    var wide = WideModel.of(model);
    assertTrue(outputs(wide).containsAll(outputs(model)));
  }

  private static List<String> outputs(Model model) {
    return model.graph().nodes().stream().flatMap(node -> node.outputs().stream()).toList();
  }

  @Test
  void attributesOfFunctionsHaveTheirRoundedValue() {
    var sums = new DiscountedCumulativeSum(0.9).of(s, input("x", 3), input("past", 1));
    builder.output("y", sums);
    var model = WideModel.of(builder.build());
    var call =
        model.graph().nodes().stream()
            .filter(node -> node.domain().equals(Model.DOMAIN))
            .findAny()
            .orElseThrow();
    var gamma = (Attribute.Constant) call.attributes().get("gamma");
    assertEquals((double) 0.9f, gamma.value().bytes().getDouble());
    assertTrue(
        model.functions().get(0).nodes().stream()
            .noneMatch(node -> node.attributes().containsKey("value_float")));
  }
}
