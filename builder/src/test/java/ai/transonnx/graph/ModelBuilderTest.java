package ai.transonnx.graph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ModelBuilderTest {
  private static final TensorType VECTOR =
      new TensorType(ElementType.FLOAT32, Shape.of(Dim.of("n")));

  private final ModelBuilder model = new ModelBuilder("test", EmitOptions.STANDARD);
  private final Value x = model.graph().input("x", VECTOR);
  private final Scope scope = Scope.of(model.graph());

  @Test
  void nodeNamesStartWithThePathOfTheirModule() {
    var y = scope.child("net").child(0).add(x, x);
    model.output("y", y);
    var nodes = model.build().graph().nodes();
    assertEquals("net.0/Add", nodes.get(0).name());
    assertEquals(List.of("y"), nodes.get(0).outputs());
  }

  @Test
  void theSecondOutputOfTheSameValueIsACopy() {
    var y = model.output("y", scope.add(x, x));
    model.output("z", scope.mul(y, y));
    model.output("copy", y);
    var nodes = model.build().graph().nodes();
    assertEquals(List.of("y", "y"), nodes.get(1).inputs());
    assertEquals("Identity", nodes.get(2).operator());
    assertEquals(List.of("copy"), nodes.get(2).outputs());
  }

  @Test
  void aValueThatABranchUsesKeepsItsName() {
    var sum = scope.add(x, x);
    var condition = scope.less(scope.size(x, 0), scope.vector(1));
    scope.ifElse(
        condition, List.of(VECTOR), one -> List.of(one.neg(sum)), two -> List.of(two.copy(sum)));
    model.output("sum", sum);
    var nodes = model.build().graph().nodes();
    assertEquals("Identity", nodes.get(nodes.size() - 1).operator());
  }

  @Test
  void aBranchSharesValuesWithTheEnclosingGraph() {
    scope.shared("sum", () -> scope.add(x, x));
    var condition = scope.less(scope.size(x, 0), scope.vector(1));
    scope.ifElse(
        condition,
        List.of(VECTOR),
        one -> List.of(one.neg(one.shared("sum", () -> one.add(x, x)))),
        two -> List.of(two.neg(two.shared("square", () -> two.mul(x, x)))));
    model.output("negated", scope.neg(scope.shared("square", () -> scope.mul(x, x))));
    var operators = model.build().graph().nodes().stream().map(Node::operator).toList();
    assertEquals(List.of("Add", "Shape", "Less", "If", "Mul", "Neg"), operators);
  }

  @Test
  void equalComputationsShareOneNode() {
    var sum = scope.child("a").add(x, x);
    assertSame(sum, scope.child("b").add(x, x));
    assertNotSame(sum, scope.add(x, sum));
    assertNotSame(scope.add(x, sum), scope.add(sum, x));
    var shape = Shape.of(Dim.of(1), Dim.of("n"));
    var reshaped = scope.reshape(x, scope.vector(1, -1), shape);
    assertNotSame(reshaped, scope.reshape(x, scope.vector(1, -1), shape.with(1, Dim.of("m"))));
    assertNotSame(scope.transpose(reshaped, 0, 1), scope.transpose(reshaped, 1, 0));
    var pair = scope.constant(Tensor.vector(3, 4));
    assertSame(scope.split(pair, 0, 1, 1).get(1), scope.split(pair, 0, 1, 1).get(1));
  }

  @Test
  void branchesShareNodesOfTheEnclosingGraphButNotOfEachOther() {
    var sum = scope.add(x, x);
    var made = new ArrayList<Value>();
    Function<Scope, List<Value>> content =
        branch -> {
          assertSame(sum, branch.add(x, x));
          made.add(branch.mul(x, x));
          return List.of(branch.neg(made.get(made.size() - 1)));
        };
    scope.ifElse(scope.less(scope.size(x, 0), scope.vector(1)), List.of(VECTOR), content, content);
    assertNotSame(made.get(0), made.get(1));
    assertFalse(made.contains(scope.mul(x, x)));
  }

  @Test
  void equalSizesAreReadOnce() {
    var other = model.graph().input("other", VECTOR);
    assertSame(scope.size(x, 0), scope.size(other, 0));
    var longer = scope.concat(0, x, scope.constant(Tensor.of(Shape.of(1), 0f)));
    assertNotSame(scope.size(x, 0), scope.size(longer, 0));
  }

  @Test
  void nodesOfTheSameModuleAreNumbered() {
    scope.add(scope.add(scope.add(x, x), x), x);
    var names = model.build().graph().nodes().stream().map(Node::name).toList();
    assertEquals(List.of("Add", "Add_2", "Add_3"), names);
  }

  @Test
  void equalConstantsAreStoredOnce() {
    assertEquals(scope.scalar(1f), scope.scalar(1f));
    scope.mul(scope.add(x, scope.scalar(1f)), scope.scalar(1f));
    scope.add(scope.vector(1), scope.vector(2));
    assertEquals(3, model.build().graph().constants().size());
  }

  @Test
  void unusedConstantsAreOmitted() {
    scope.scalar(1f);
    assertEquals(List.of(), model.build().graph().constants());
  }

  @Test
  void aTiedParameterIsStoredOnce() {
    assertEquals(scope.parameter("weight", 2, 3), scope.parameter("weight", 2, 3));
    assertEquals(1, model.build().graph().parameters().size());
  }

  @Test
  void aParameterWithTwoShapesIsRejected() {
    scope.parameter("weight", 2, 3);
    var thrown = assertThrows(GraphException.class, () -> scope.parameter("weight", 3, 2));
    assertEquals(
        "two different parameters have the name 'weight'; rename one or give both the same shape",
        thrown.getMessage());
  }

  @Test
  void aValueOfAnotherGraphIsRejected() {
    var other = new ModelBuilder("other", EmitOptions.STANDARD).graph().input("x", VECTOR);
    var thrown = assertThrows(GraphException.class, () -> scope.child("net").add(x, other));
    assertEquals("net/Add: operand x: float32 [n] belongs to another graph", thrown.getMessage());
  }

  @Test
  void aDuplicateInputNameIsRejected() {
    assertThrows(GraphException.class, () -> model.graph().input("x", VECTOR));
  }

  @Test
  void stateHasAnInputAndAnOutput() {
    var past = model.past("sum", StateRole.MEMORY, VECTOR, Shape.of(1));
    model.present("sum", past);
    var built = model.build();
    var expected =
        new StateTensor(
            "past_sum",
            "present_sum",
            ElementType.FLOAT32,
            VECTOR.shape().dims(),
            List.of(Dim.of(1)),
            StateRole.MEMORY);
    assertEquals(List.of(expected), built.state());
    assertEquals("present_sum", built.graph().outputs().get(0).name());
  }

  @Test
  void stateWithoutAnOutputIsRejected() {
    model.past("sum", StateRole.MEMORY, VECTOR, Shape.of(1));
    var thrown = assertThrows(GraphException.class, model::build);
    assertEquals(
        "state input past_sum has no output present_sum; declare it with present",
        thrown.getMessage());
  }

  @Test
  void stateIsRecurrentByDefault() {
    var row = new TensorType(ElementType.FLOAT32, Shape.of(Dim.of("batch"), Dim.of(4)));
    model.present("sum", model.past("sum", row));
    var state = model.build().state().get(0);
    assertEquals(StateRole.RECURRENT, state.role());
    assertEquals(row.shape().dims(), state.first());
  }

  @Test
  void stateThatDoesNotFitItsRoleIsRejected() {
    var thrown =
        assertThrows(
            GraphException.class,
            () -> model.past("sum", StateRole.RECURRENT, VECTOR, Shape.of(1)));
    assertEquals(
        "state 'sum': role 'recurrent' needs a fixed size for each row,"
            + " but the state is float32[n], at first [1]",
        thrown.getMessage());
  }

  @Test
  void aStateOutputOfAnotherTypeIsRejected() {
    model.past("sum", StateRole.MEMORY, VECTOR, Shape.of(1));
    var other = scope.vector(1, 2);
    var thrown = assertThrows(GraphException.class, () -> model.present("sum", other));
    assertEquals("present_sum is int64 [2], but past_sum is float32 [n]", thrown.getMessage());
  }

  @Test
  void anUnsupportedOpsetIsRejected() {
    var thrown = assertThrows(InputException.class, () -> EmitOptions.STANDARD.withOpset(9));
    assertTrue(thrown.getMessage().startsWith("opset 9 is not supported; it must be from 17"));
  }
}
