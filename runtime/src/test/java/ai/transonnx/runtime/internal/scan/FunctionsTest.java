package ai.transonnx.runtime.internal.scan;

import static ai.transonnx.runtime.internal.scan.Onnx.call;
import static ai.transonnx.runtime.internal.scan.Onnx.calling;
import static ai.transonnx.runtime.internal.scan.Onnx.choice;
import static ai.transonnx.runtime.internal.scan.Onnx.constant;
import static ai.transonnx.runtime.internal.scan.Onnx.floats;
import static ai.transonnx.runtime.internal.scan.Onnx.function;
import static ai.transonnx.runtime.internal.scan.Onnx.graph;
import static ai.transonnx.runtime.internal.scan.Onnx.graphAttribute;
import static ai.transonnx.runtime.internal.scan.Onnx.model;
import static ai.transonnx.runtime.internal.scan.Onnx.node;
import static ai.transonnx.runtime.internal.scan.Onnx.subgraph;
import static ai.transonnx.runtime.internal.scan.Onnx.tensorAttribute;
import static ai.transonnx.runtime.internal.scan.Onnx.truth;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.wire.MessageWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Functions of a model, and their calls. */
class FunctionsTest {
  private static final MessageWriter NEGATION = function("F", "a", "r", node("Neg", "a", "r"));

  @TempDir private Path folder = Path.of("");

  private Path written(MessageWriter model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.encode().toByteArray());
  }

  private void accepts(MessageWriter model) throws IOException {
    var file = written(model);
    assertDoesNotThrow(() -> ModelScan.check(file));
  }

  private void refuses(MessageWriter model, String problem) throws IOException {
    var file = written(model);
    var error = assertThrows(InputException.class, () -> ModelScan.check(file));
    assertEquals(file + ": " + problem, error.getMessage());
  }

  /** Functions {@code F0} to {@code F<count - 1>} of two calls each, and one that has none. */
  private static MessageWriter[] doubling(int count) {
    return IntStream.rangeClosed(0, count)
        .mapToObj(
            i ->
                i == count
                    ? function("F" + i, "a", "r", node("Neg", "a", "r"))
                    : function(
                        "F" + i,
                        "a",
                        "r",
                        call("F" + (i + 1), "a", "t"),
                        call("F" + (i + 1), "t", "r")))
        .toArray(MessageWriter[]::new);
  }

  @Test
  void aFunctionThatIsCalled() throws IOException {
    accepts(calling("F", NEGATION));
    accepts(calling("F0", doubling(8)));
    accepts(calling("F", function("F", "a b", "r s", node("Neg", "a", "r"))));
  }

  @Test
  void aCallWithMoreInputsThanTheFunctionHas() throws IOException {
    var none = function("F", "", "r", constant("r", floats("", 4)));
    refuses(calling("F", none), "function 'test.F' has 0 inputs, and a call gives it 1");
    refuses(
        model(graph(call("F", "x x x", "y"))).message(ModelProto.FUNCTIONS_FIELD_NUMBER, NEGATION),
        "function 'test.F' has 1 inputs, and a call gives it 3");
  }

  @Test
  void aCallWithMoreOutputsThanTheFunctionHas() throws IOException {
    refuses(
        model(graph(call("F", "x", "y z"))).message(ModelProto.FUNCTIONS_FIELD_NUMBER, NEGATION),
        "function 'test.F' has 1 outputs, and a call gives it 2");
  }

  @Test
  void aCallInsideAFunctionOrSubgraphIsCheckedAsWell() throws IOException {
    var outer = function("G", "a", "r", call("F", "a a", "r"));
    refuses(calling("G", NEGATION, outer), "function 'test.F' has 1 inputs, and a call gives it 2");
    var branch = subgraph("s", call("F", "x x", "s"));
    refuses(
        model(graph(constant("c", truth()), choice("c", "y", branch)))
            .message(ModelProto.FUNCTIONS_FIELD_NUMBER, NEGATION),
        "function 'test.F' has 1 inputs, and a call gives it 2");
  }

  @Test
  void theStandardDomainHasTwoNames() throws IOException {
    var shadow =
        new MessageWriter()
            .text(FunctionProto.NAME_FIELD_NUMBER, "Neg")
            .text(FunctionProto.DOMAIN_FIELD_NUMBER, "ai.onnx");
    refuses(
        model(graph(node("Neg", "x", "y"))).message(ModelProto.FUNCTIONS_FIELD_NUMBER, shadow),
        "function 'Neg' has 0 inputs, and a call gives it 1");
  }

  @Test
  void aFunctionThatCallsItself() throws IOException {
    refuses(
        calling("F", function("F", "a", "r", call("F", "a", "r"))),
        "function 'test.F' calls itself");
    refuses(
        calling(
            "F",
            function("F", "a", "r", call("G", "a", "r")),
            function(
                "G",
                "a",
                "r",
                constant("c", truth()),
                choice("c", "r", subgraph("s", call("F", "a", "s"))))),
        "function 'test.F' calls itself");
  }

  @Test
  void aFunctionThatNothingCallsIsCheckedAsWell() throws IOException {
    refuses(
        calling("F", NEGATION, function("G", "a", "r", call("G", "a", "r"))),
        "function 'test.G' calls itself");
  }

  @Test
  void aGraphAsAnArgument() throws IOException {
    var body = subgraph("s", call("F", "x", "s"));
    refuses(
        calling(
            "F",
            function("F", "a", "r", node("Neg", "a", "r"))
                .message(FunctionProto.ATTRIBUTE_PROTO_FIELD_NUMBER, graphAttribute("body", body))),
        "a function has a graph as the default of an attribute");
    refuses(
        model(
                graph(
                    call("F", "x", "y")
                        .message(NodeProto.ATTRIBUTE_FIELD_NUMBER, graphAttribute("body", body))))
            .message(ModelProto.FUNCTIONS_FIELD_NUMBER, NEGATION),
        "a call gives function 'test.F' a graph, which is not supported");
  }

  @Test
  void functionsThatCallEachOtherTwice() throws IOException {
    refuses(
        calling("F0", doubling(31)),
        "it has more than 32768 calls of functions after their expansion, the most that can be"
            + " loaded");
  }

  @Test
  void aLongChainOfCalls() throws IOException {
    var chain =
        IntStream.rangeClosed(0, Limits.DEPTH)
            .mapToObj(i -> function("F" + i, "a", "r", call("F" + (i + 1), "a", "r")))
            .toArray(MessageWriter[]::new);
    refuses(
        calling("F0", chain),
        "graphs and functions are nested more than 32 deep, the most that can be loaded");
  }

  @Test
  void callsInsideSubgraphsCountForTheDepthOfBoth() throws IOException {
    var levels =
        IntStream.range(0, 10)
            .mapToObj(
                i -> {
                  var branch = subgraph("s", call("F" + (i + 1), "a", "s"));
                  for (int j = 0; j < 3; j++) {
                    branch = subgraph("s", choice("c", "s", branch));
                  }
                  return function(
                      "F" + i, "a", "r", constant("c", truth()), choice("c", "r", branch));
                })
            .toArray(MessageWriter[]::new);
    refuses(
        calling("F0", levels),
        "graphs and functions are nested more than 32 deep, the most that can be loaded");
  }

  @Test
  void aConstantThatManyCallsWouldCopy() throws IOException {
    var large = function("G", "a", "r", constant("r", floats("", 1 << 20, 1L << 18)));
    var calls =
        IntStream.rangeClosed(0, 1024)
            .mapToObj(i -> call("G", "a", "r" + i))
            .toArray(MessageWriter[]::new);
    refuses(
        calling("F", large, function("F", "a", "r0", calls)),
        "it has more than 1073741824 bytes of nodes that replace calls of functions, the most that"
            + " can be loaded");
  }

  @Test
  void anAttributeThatAFunctionWouldCopy() throws IOException {
    var reference =
        node("Constant", "", "t")
            .message(
                NodeProto.ATTRIBUTE_FIELD_NUMBER,
                new MessageWriter()
                    .text(AttributeProto.NAME_FIELD_NUMBER, "value")
                    .text(AttributeProto.REF_ATTR_NAME_FIELD_NUMBER, "w"));
    var copies =
        IntStream.rangeClosed(0, 1024).mapToObj(i -> reference).toArray(MessageWriter[]::new);
    var given =
        call("F", "x", "y")
            .message(
                NodeProto.ATTRIBUTE_FIELD_NUMBER,
                tensorAttribute("w", floats("", 1 << 20, 1L << 18)));
    refuses(
        model(graph(given))
            .message(ModelProto.FUNCTIONS_FIELD_NUMBER, function("F", "a", "t", copies)),
        "it has more than 1073741824 bytes of nodes that replace calls of functions, the most that"
            + " can be loaded");
  }

  @Test
  void aNodeOfAFunctionThatDefinesAnInput() throws IOException {
    var problem = "a node of a function has the output 'b', which is an input of the function";
    refuses(calling("F", function("F", "a b", "r", node("Neg", "a", "b"))), problem);
    var branch = subgraph("b", node("Neg", "a", "b"));
    refuses(
        calling("F", function("F", "a b", "r", constant("c", truth()), choice("c", "r", branch))),
        problem);
    refuses(
        calling(
            "F",
            function("F", "a", "r", node("Neg", "a", "b"))
                .text(FunctionProto.INPUT_FIELD_NUMBER, "b")),
        "a function has nodes before its inputs");
  }

  @Test
  void twoFunctionsOfOneName() throws IOException {
    refuses(calling("F", NEGATION, NEGATION), "it has two functions 'test.F'");
  }

  @Test
  void namesThatAreMissingOrRepeated() throws IOException {
    refuses(calling("F", function("", "a", "r")), "a function has no name");
    refuses(
        calling("F", function("F", "a a", "r")),
        "a function has 'a' twice among its inputs, which need different names");
    refuses(
        calling("F", function("F", "a", " r")),
        "a function has an empty name among its outputs, which need different names");
  }

  @Test
  void thousandsOfFunctions() throws IOException {
    var functions =
        IntStream.rangeClosed(0, Limits.FUNCTIONS)
            .mapToObj(i -> function("F" + i, "a", "r", node("Neg", "a", "r")))
            .toArray(MessageWriter[]::new);
    refuses(
        calling("F0", functions), "it has more than 4096 functions, the most that can be loaded");
  }
}
