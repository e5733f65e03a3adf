package ai.transonnx.verification.internal.twin;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FunctionInlinerTest {
  @TempDir private Path folder;

  private static FunctionProto.Builder function(String name, NodeProto.Builder... nodes) {
    var function =
        FunctionProto.newBuilder().setDomain("own").setName(name).addInput("a").addOutput("b");
    function.addOpsetImportBuilder().setVersion(17);
    function.addOpsetImportBuilder().setDomain("own").setVersion(1);
    for (var node : nodes) {
      function.addNode(node);
    }
    return function;
  }

  /** Applies a function twice. */
  private static OperatorModel model(FunctionProto.Builder... functions) {
    var model =
        new OperatorModel(17)
            .input("x", OperatorModel.numbers(1, 4))
            .add("own.f", List.of("x"), List.of("y"))
            .add("own.f", List.of("y"), List.of("z"))
            .output("z");
    model.builder().addOpsetImportBuilder().setDomain("own").setVersion(1);
    for (var function : functions) {
      model.builder().addFunctions(function);
    }
    return model;
  }

  private void assertSameResult(OperatorModel model) {
    var inlined = FunctionInliner.inline(model.build());
    assertEquals(0, inlined.getFunctionsCount());
    var inputs = Map.of("x", OperatorModel.numbers(1, 4));
    assertArrayEquals(
        model.run(folder).get("z").floats(),
        OperatorModel.run(inlined, inputs, folder).get("z").floats());
  }

  @Test
  void eachCallHasValuesOfItsOwn() {
    var model =
        model(
            function(
                "f",
                OperatorModel.node("Exp", List.of("a"), List.of("inner")),
                OperatorModel.node("Neg", List.of("inner"), List.of("b"))));
    assertSameResult(model);
    var outputs =
        FunctionInliner.inline(model.build()).getGraph().getNodeList().stream()
            .flatMap(node -> node.getOutputList().stream())
            .toList();
    assertEquals(List.of("node of y/inner", "y", "node of z/inner", "z"), outputs);
  }

  @Test
  void functionsCallFunctions() {
    assertSameResult(
        model(
            function("f", OperatorModel.node("own.g", List.of("a"), List.of("b"))),
            function("g", OperatorModel.node("Exp", List.of("a"), List.of("b")))));
  }

  @Test
  void attributesComeFromTheCallOrTheDefault() {
    var reference =
        AttributeProto.newBuilder()
            .setName("alpha")
            .setType(AttributeProto.AttributeType.FLOAT)
            .setRefAttrName("slope");
    var function =
        function(
            "f",
            OperatorModel.node("LeakyRelu", List.of("a"), List.of("b")).addAttribute(reference));
    function.addAttributeProto(Attributes.number("slope", 0.5f));
    assertSameResult(model(function));
    var inlined = FunctionInliner.inline(model(function).build());
    assertEquals(0.5f, inlined.getGraph().getNode(0).getAttribute(0).getF());
  }

  @Test
  void anInputCanBeReturned() {
    var model = model(function("f").clearOutput().addOutput("a"));
    var x = OperatorModel.numbers(1, 4);
    var outputs = OperatorModel.run(FunctionInliner.inline(model.build()), Map.of("x", x), folder);
    assertArrayEquals(x.floats(), outputs.get("z").floats());
  }

  @Test
  void aModelWithoutFunctionsStaysTheSame() {
    var model = new OperatorModel(17).build();
    assertSame(model, FunctionInliner.inline(model));
  }

  private static String reason(ModelProto model) {
    return String.valueOf(
        assertThrows(NoTwinException.class, () -> FunctionInliner.inline(model)).getMessage());
  }

  @Test
  void aFunctionThatCallsItselfIsRefused() {
    var model = model(function("f", OperatorModel.node("own.f", List.of("a"), List.of("b"))));
    assertEquals("function 'f' calls itself", reason(model.build()));
  }

  @Test
  void functionsThatMultiplyAreRefused() {
    var functions = new FunctionProto.Builder[22];
    functions[0] = function("f0", OperatorModel.node("Neg", List.of("a"), List.of("b")));
    for (int i = 1; i < functions.length; i++) {
      var callee = "own." + (i == functions.length ? "f" : "f" + (i - 1));
      functions[i] =
          function(
              i == functions.length - 1 ? "f" : "f" + i,
              OperatorModel.node(callee, List.of("a"), List.of("inner")),
              OperatorModel.node(callee, List.of("inner"), List.of("b")));
    }
    assertEquals(
        "with its functions expanded, the graph has more than 1048576 nodes",
        reason(model(functions).build()));
  }

  @Test
  void otherVersionsOfOperatorsAreRefused() {
    var function = function("f", OperatorModel.node("Exp", List.of("a"), List.of("b")));
    function.getOpsetImportBuilder(0).setVersion(18);
    assertEquals(
        "function 'f' uses version 18 of the operators of domain '', the model version 17",
        reason(model(function).build()));
  }
}
