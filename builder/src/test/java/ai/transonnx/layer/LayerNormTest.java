package ai.transonnx.layer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Node;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Target;
import ai.transonnx.graph.TensorType;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerNormTest {
  private static final Dim BATCH = Dim.of("b");
  private static final Dim LENGTH = Dim.of("n");
  private static final Shape SEQUENCES = Shape.of(BATCH, LENGTH, Dim.of(4));

  private ModelBuilder model = new ModelBuilder("test", EmitOptions.STANDARD);
  private Scope scope = Scope.of(model.graph());

  private void build(Target target) {
    model = new ModelBuilder("test", EmitOptions.STANDARD.withTarget(target));
    scope = Scope.of(model.graph());
  }

  private Value input(String name, Shape shape) {
    return model.graph().input(name, new TensorType(ElementType.FLOAT32, shape));
  }

  private List<Node> nodes(Value... outputs) {
    for (int i = 0; i < outputs.length; i++) {
      model.output("out_" + i, outputs[i]);
    }
    return model.build().graph().nodes();
  }

  private static List<String> operators(List<Node> nodes) {
    return nodes.stream().map(Node::operator).toList();
  }

  /** The layer applied to a sum, which is used a second time. */
  private List<Node> residual(Shape x, Shape y) {
    var sum = scope.add(input("x", x), input("y", y));
    return nodes(scope.add(new LayerNorm(4).of(scope, sum), sum));
  }

  @Test
  void portableGraphsHaveSumsAndNorms() {
    build(Target.PORTABLE);
    assertEquals(
        List.of("Add", "LayerNormalization", "Add"), operators(residual(SEQUENCES, SEQUENCES)));
  }

  @Test
  void onnxRuntimeHasOneOperatorForASumAndItsNorm() {
    build(Target.ONNXRUNTIME);
    var nodes = residual(SEQUENCES, SEQUENCES);
    assertEquals(List.of("SkipLayerNormalization", "Add"), operators(nodes));
    assertEquals(List.of("x", "y", "weight", "bias"), nodes.get(0).inputs());
    assertEquals(List.of("LayerNormalization", "", "", "Add"), nodes.get(0).outputs());
    assertEquals(List.of("LayerNormalization", "Add"), nodes.get(1).inputs());
  }

  @Test
  void sumsThatBroadcastStayApart() {
    build(Target.ONNXRUNTIME);
    assertEquals(
        List.of("Add", "LayerNormalization", "Add"),
        operators(residual(SEQUENCES, Shape.of(LENGTH, Dim.of(4)))));
  }

  @Test
  void theSecondNormOfASumStaysApart() {
    build(Target.ONNXRUNTIME);
    var sum = scope.add(input("x", SEQUENCES), input("y", SEQUENCES));
    var first = new LayerNorm(4).of(scope.child("0"), sum);
    var second = new LayerNorm(4).of(scope.child("1"), sum);
    assertEquals(
        List.of("SkipLayerNormalization", "LayerNormalization"), operators(nodes(first, second)));
  }

  @Test
  void normsWithComputedWeightsStayApart() {
    build(Target.ONNXRUNTIME);
    var sum = scope.add(input("x", SEQUENCES), input("y", SEQUENCES));
    var weight = scope.mul(scope.parameter("w", 4), input("factor", Shape.of(4)));

    assertEquals(
        List.of("Add", "Mul", "LayerNormalization"),
        operators(nodes(LayerNorm.of(scope, sum, weight, null))));
  }
}
