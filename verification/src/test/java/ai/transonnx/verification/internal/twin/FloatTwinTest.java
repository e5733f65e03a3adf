package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.TensorProto.DataType;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FloatTwinTest {
  @TempDir private Path folder;

  private static double[] sum(double[] a, double[] b) {
    var sum = new double[a.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = a[i] + b[i];
    }
    return sum;
  }

  @Test
  void inputsWeightsAndOutputsAreAddedInFloat64() {
    var x = OperatorModel.numbers(1, 5);
    var weight = OperatorModel.numbers(1e-6, 5);
    var model =
        new OperatorModel(17)
            .input("x", x)
            .weight("w", weight)
            .add("Add", List.of("x", "w"), List.of("y"))
            .output("y");
    var y = model.runTwin(folder).get("y");
    assertEquals(ElementType.FLOAT64, y.type());
    assertArrayEquals(sum(x.doubles(), weight.doubles()), y.doubles());
  }

  @Test
  void weightsInFloat16AreConverted() {
    var weight = OperatorModel.numbers(1, 5).as(ElementType.FLOAT16);
    var x = OperatorModel.numbers(1, 5).as(ElementType.FLOAT16);
    var model =
        new OperatorModel(17)
            .input("x", x)
            .weight("w", weight)
            .add("Add", List.of("x", "w"), List.of("y"))
            .output("y");
    var expected = sum(x.doubles(), weight.doubles());
    assertArrayEquals(expected, model.runTwin(folder).get("y").doubles());
  }

  @Test
  void integersStayAsTheyAre() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 2, 3))
            .add("Shape", List.of("x"), List.of("shape"))
            .add("Add", List.of("shape", "shape"), List.of("y"))
            .output("y");
    assertArrayEquals(new long[] {4, 6}, model.runTwin(folder).get("y").longs());
  }

  @Test
  void anInitializerCanBeAnOutput() {
    var weight = OperatorModel.numbers(1, 3);
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 3))
            .weight("w", weight)
            .add("Mul", List.of("x", "w"), List.of("y"))
            .output("y", "w");
    assertArrayEquals(weight.doubles(), model.runTwin(folder).get("w").doubles());
  }

  private static AttributeProto branch(String name, String operator) {
    var graph =
        GraphProto.newBuilder()
            .setName(name)
            .addNode(OperatorModel.node(operator, List.of("x", "w"), List.of("branch/y")))
            .addOutput(ValueInfoProto.newBuilder().setName("branch/y"));
    return AttributeProto.newBuilder()
        .setName(name)
        .setType(AttributeProto.AttributeType.GRAPH)
        .setG(graph)
        .build();
  }

  @Test
  void branchesUseValuesAndWeightsOfTheGraphAroundThem() {
    var x = OperatorModel.numbers(1, 4);
    var weight = OperatorModel.numbers(1, 4);
    var model =
        new OperatorModel(17)
            .input("x", x)
            .input("flag", Tensor.ofBooleans(new boolean[] {true}))
            .weight("w", weight)
            .add(
                "If",
                List.of("flag"),
                List.of("chosen"),
                List.of(branch("then_branch", "Add"), branch("else_branch", "Mul")))
            .add("Add", List.of("chosen", "w"), List.of("y"))
            .output("y");
    var expected = sum(sum(x.doubles(), weight.doubles()), weight.doubles());
    assertArrayEquals(expected, model.runTwin(folder).get("y").doubles());
  }

  @Test
  void aLoopCarriesFloat64() {
    var body =
        GraphProto.newBuilder()
            .setName("body")
            .addInput(OperatorModel.port("i", ElementType.INT64, 0))
            .addInput(OperatorModel.port("go", ElementType.BOOL, 0))
            .addInput(OperatorModel.port("sum", ElementType.FLOAT32, 1))
            .addNode(OperatorModel.node("Identity", List.of("go"), List.of("goOn")))
            .addNode(OperatorModel.node("Add", List.of("sum", "third"), List.of("next")))
            .addOutput(ValueInfoProto.newBuilder().setName("goOn"))
            .addOutput(ValueInfoProto.newBuilder().setName("next"))
            .build();
    var attribute =
        AttributeProto.newBuilder()
            .setName("body")
            .setType(AttributeProto.AttributeType.GRAPH)
            .setG(body)
            .build();
    var model =
        new OperatorModel(17)
            .input("x", Tensor.ofFloats(new float[] {1}, 1))
            .weight("third", Tensor.ofFloats(new float[] {1 / 3f}, 1))
            .weight("count", Tensor.ofLongs(new long[] {3}))
            .add("Loop", List.of("count", "", "x"), List.of("y"), List.of(attribute))
            .output("y");
    double third = 1 / 3f;
    assertEquals(1 + third + third + third, model.runTwin(folder).get("y").doubles()[0]);
  }

  @Test
  void castsToFloat16DoNotRound() {
    var x = OperatorModel.numbers(1, 4);
    var model =
        new OperatorModel(17)
            .input("x", x)
            .add("Cast", List.of("x"), List.of("h"), List.of(type("to", DataType.FLOAT16)))
            .add("Cast", List.of("h"), List.of("y"), List.of(type("to", DataType.FLOAT)))
            .output("y");
    assertArrayEquals(x.doubles(), model.runTwin(folder).get("y").doubles());
  }

  private static AttributeProto type(String name, DataType type) {
    return Attributes.integer(name, type.getNumber());
  }

  @Test
  void constantsAreConverted() {
    var value = Attributes.tensor("value", OperatorModel.tensor("", OperatorModel.numbers(1, 2)));
    var model =
        new OperatorModel(17)
            .input("n", Tensor.ofLongs(new long[] {2}, 1))
            .add("Constant", List.of(), List.of("c"), List.of(value))
            .add("ConstantOfShape", List.of("n"), List.of("zeros"))
            .add("Add", List.of("c", "zeros"), List.of("y"))
            .output("y");
    assertArrayEquals(
        OperatorModel.numbers(1, 2).doubles(), model.runTwin(folder).get("y").doubles());
  }

  @Test
  void aTableIsNotConvertedToReadARow() {
    var model =
        new OperatorModel(17)
            .input("i", Tensor.ofLongs(new long[] {1}, 1))
            .weight("table", OperatorModel.numbers(1, 3, 2))
            .add("Gather", List.of("table", "i"), List.of("y"))
            .output("y");
    var twin = FloatTwin.of(model.build()).getGraph();
    assertEquals("Gather", twin.getNode(0).getOpType());
    assertEquals("table", twin.getNode(0).getInput(0));
    assertEquals(ElementType.FLOAT64, model.runTwin(folder).get("y").type());
  }

  private static String reason(OperatorModel model) {
    var message =
        assertThrows(NoTwinException.class, () -> FloatTwin.of(model.build())).getMessage();
    assertTrue(message != null && message.lines().count() == 1, message);
    return message;
  }

  @Test
  void anUnknownOperatorIsTheReasonForNoTwin() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 2))
            .add("some.domain.Mystery", List.of("x"), List.of("y"))
            .output("y");
    assertEquals("node 'node of y': operator some.domain.Mystery is unknown", reason(model));
  }

  @Test
  void anOperatorWithoutAnExactFormIsTheReasonForNoTwin() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 1, 1, 2, 2))
            .add("LRN", List.of("x"), List.of("y"), List.of(Attributes.integer("size", 1)))
            .output("y");
    assertEquals("node 'node of y': operator LRN has no float64 form", reason(model));
  }

  @Test
  void randomNumbersAreTheReasonForNoTwin() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 2))
            .add("RandomNormalLike", List.of("x"), List.of("y"))
            .output("y");
    assertEquals("node 'node of y': operator RandomNormalLike makes random numbers", reason(model));
  }

  @Test
  void aValueThatIsUsedBeforeItIsComputedIsTheReasonForNoTwin() {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 2))
            .add("Add", List.of("x", "later"), List.of("y"))
            .add("Add", List.of("x", "y"), List.of("later"))
            .output("y");
    assertEquals("node 'node of y': value 'later' has no known type", reason(model));
  }

  @Test
  void anOldOpsetIsTheReasonForNoTwin() {
    var model =
        new OperatorModel(9)
            .input("x", OperatorModel.numbers(1, 2))
            .add("Neg", List.of("x"), List.of("y"))
            .output("y");
    assertEquals(
        "opset 9 is older than 12, the oldest that can be computed in float64", reason(model));
  }
}
