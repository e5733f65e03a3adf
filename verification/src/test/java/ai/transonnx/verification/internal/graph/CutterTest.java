package ai.transonnx.verification.internal.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.format.internal.proto.ValueInfoProto;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CutterTest {
  private static final ValueType VECTOR = new ValueType(ElementType.FLOAT32, 1);

  @TempDir private Path folder = Path.of("");

  /** The result is {@code tanh(x * a) + |x * a| * b}. */
  private static SampleModel model() {
    return new SampleModel()
        .input("x", ElementType.FLOAT32, 1)
        .add(SampleModel.floats("a", new float[] {2}))
        .add(SampleModel.floats("b", new float[] {0.5f}))
        .add(SampleModel.node("Mul", List.of("x", "a"), "layers.0/Mul"))
        .add(SampleModel.node("Tanh", List.of("layers.0/Mul"), "layers.0/Tanh"))
        .add(SampleModel.node("Abs", List.of("layers.0/Mul"), "layers.1/Abs"))
        .add(SampleModel.node("Mul", List.of("layers.1/Abs", "b"), "layers.1/Mul"))
        .add(SampleModel.node("Add", List.of("layers.0/Tanh", "layers.1/Mul"), "out"))
        .output("out", ElementType.FLOAT32, 1);
  }

  private float[] run(ModelProto model, Map<String, Tensor> inputs, String output) {
    try (var loaded = OnnxModel.load(SampleModel.write(model, folder.resolve("cut.onnx")))) {
      return loaded.run(inputs).get(output).floats();
    }
  }

  private static Set<String> inputs(ModelProto model) {
    return model.getGraph().getInputList().stream()
        .map(ValueInfoProto::getName)
        .collect(Collectors.toSet());
  }

  private static Set<String> initializers(ModelProto model) {
    return model.getGraph().getInitializerList().stream()
        .map(TensorProto::getName)
        .collect(Collectors.toSet());
  }

  @Test
  void anExposedValueIsReturned() {
    var exposed = Exposed.of(model().proto(), List.of("layers.1/Mul", "out"));
    var x = Map.of("x", Tensor.ofFloats(new float[] {-3}, 1));
    assertArrayEquals(new float[] {3}, run(exposed, x, "layers.1/Mul"));
    assertEquals(2, exposed.getGraph().getOutputCount());
  }

  @Test
  void onlyResultsOfNodesAreExposed() {
    var model = model().proto();
    assertThrows(IllegalArgumentException.class, () -> Exposed.of(model, List.of("x")));
  }

  @Test
  void aCutComputesTheWantedValueFromGivenOnes() {
    var given = Map.of("layers.0/Tanh", VECTOR, "layers.1/Abs", VECTOR, "layers.0/Mul", VECTOR);
    var cut = new Cutter(model().proto()).cut(given, List.of("out"));
    assertEquals(Set.of("layers.0/Tanh", "layers.1/Abs"), inputs(cut));
    assertEquals(Set.of("b"), initializers(cut));
    var values =
        Map.of(
            "layers.0/Tanh", Tensor.ofFloats(new float[] {10}, 1),
            "layers.1/Abs", Tensor.ofFloats(new float[] {4}, 1));
    assertArrayEquals(new float[] {12}, run(cut, values, "out"));
  }

  @Test
  void aCutKeepsTheInputsOfTheModelThatItNeeds() {
    var cut = new Cutter(model().proto()).cut(Map.of("layers.0/Tanh", VECTOR), List.of("out"));
    assertEquals(Set.of("x", "layers.0/Tanh"), inputs(cut));
  }

  @Test
  void aGivenValueThatIsComputedAnywayIsNoInput() {
    var model =
        new SampleModel()
            .input("x", ElementType.FLOAT32, 1)
            .add(SampleModel.node("Split", List.of("x"), "left", "right"))
            .add(SampleModel.node("Add", List.of("left", "right"), "out"))
            .output("out", ElementType.FLOAT32, 1)
            .proto();
    var cut = new Cutter(model).cut(Map.of("left", VECTOR), List.of("out"));
    assertEquals(Set.of("x"), inputs(cut));
    var x = Map.of("x", Tensor.ofFloats(new float[] {1, 2, 3, 4}, 4));
    assertArrayEquals(new float[] {4, 6}, run(cut, x, "out"));
  }

  @Test
  void theValuesThatABranchReadsAreInputs() {
    var branch =
        GraphProto.newBuilder()
            .setName("branch")
            .addNode(SampleModel.node("Mul", List.of("y", "weight"), "product"))
            .addOutput(VECTOR.port("product"));
    var model =
        new SampleModel()
            .input("x", ElementType.FLOAT32, 1)
            .input("condition", ElementType.BOOL, 0)
            .add(SampleModel.floats("weight", new float[] {3}))
            .add(SampleModel.node("Abs", List.of("x"), "y"))
            .add(
                SampleModel.node("If", List.of("condition"), "out")
                    .addAttribute(SampleModel.attribute("then_branch", branch))
                    .addAttribute(SampleModel.attribute("else_branch", branch)))
            .output("out", ElementType.FLOAT32, 1)
            .proto();
    var cut = new Cutter(model).cut(Map.of("y", VECTOR), List.of("out"));
    assertEquals(Set.of("y", "condition"), inputs(cut));
    var values =
        Map.of(
            "y", Tensor.ofFloats(new float[] {5}, 1),
            "condition", Tensor.ofBooleans(new boolean[] {true}));
    assertArrayEquals(new float[] {15}, run(cut, values, "out"));
  }

  @Test
  void nodesFollowThoseThatTheyDependOn() {
    var model =
        new SampleModel()
            .add(SampleModel.node("Neg", List.of("b"), "c"))
            .add(SampleModel.node("Neg", List.of("a"), "b"))
            .add(SampleModel.node("Abs", List.of("a"), "d"))
            .proto();
    var names = GraphIndex.of(model.getGraph()).nodes().stream().map(NodeProto::getName).toList();
    assertEquals(List.of("b", "c", "d"), names);
  }

  @Test
  void nodesInACircleAreRefused() {
    var model =
        new SampleModel()
            .add(SampleModel.node("Neg", List.of("b"), "a"))
            .add(SampleModel.node("Neg", List.of("a"), "b"))
            .proto();
    assertThrows(InputException.class, () -> GraphIndex.of(model.getGraph()));
  }

  @Test
  void aModuleIsTheNameUpToTheLastSlash() {
    assertEquals(
        "layers.0.1", ModulePath.of(SampleModel.node("Add", List.of(), "layers.0.1/Add").build()));
    assertEquals(
        "model/layers.0",
        ModulePath.of(SampleModel.node("Add", List.of(), "/model/layers.0/Add").build()));
    assertEquals("", ModulePath.of(SampleModel.node("Add", List.of(), "/Add").build()));
    assertEquals("", ModulePath.of(SampleModel.node("Add", List.of(), "logits").build()));
  }
}
