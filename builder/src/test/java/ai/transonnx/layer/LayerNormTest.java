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
import ai.transonnx.op.Scope;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayerNormTest {
  private static final Dim ROWS = Dim.of("rows");

  @Test
  void portableGraphsUseLayerNormalization() {
    assertEquals(
        List.of("LayerNormalization", "LayerNormalization"),
        operators(Target.PORTABLE, Shape.of(Dim.of("b"), Dim.of("n"), Dim.of(4))));
  }

  @Test
  void graphsForOnnxRuntimeNormalizeEachPositionAsAChannel() {
    assertEquals(
        List.of(
            "Shape",
            "Expand",
            "Expand", // ones and zeros, for both layers
            "InstanceNormalization",
            "Mul",
            "Add",
            "InstanceNormalization",
            "Mul",
            "Add"),
        operators(Target.ONNXRUNTIME, Shape.of(Dim.of("b"), Dim.of("n"), Dim.of(4))));
  }

  @Test
  void matricesUseLayerNormalizationForEveryTarget() {
    assertEquals(
        List.of("LayerNormalization", "LayerNormalization"),
        operators(Target.ONNXRUNTIME, Shape.of(ROWS, Dim.of(4))));
  }

  private static List<String> operators(Target target, Shape shape) {
    var model = new ModelBuilder("test", EmitOptions.STANDARD.withTarget(target));
    var scope = Scope.of(model.graph());
    var x = model.graph().input("x", new TensorType(ElementType.FLOAT32, shape));
    var layer = new LayerNorm(4);
    model.output("y", layer.of(scope.child("1"), layer.of(scope.child("0"), x)));
    return model.build().graph().nodes().stream().map(Node::operator).toList();
  }
}
