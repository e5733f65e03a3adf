package ai.transonnx.verification.internal.graph;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.TensorProto;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFileTest {
  private static final int LARGE = 400; // floats, more than stay in the model
  private static final float[] WEIGHTS = SampleModel.range(LARGE, 1, 0.5f);
  private static final TensorProto WEIGHT = SampleModel.floats("weight", WEIGHTS, LARGE);
  private static final Map<String, Tensor> INPUT =
      Map.of("x", Tensor.ofFloats(SampleModel.range(LARGE, -3, 0.25f), LARGE));

  @TempDir private Path folder = Path.of("");
  private Path variants = Path.of("");

  @BeforeEach
  void createFolder() throws IOException {
    variants = Files.createDirectory(folder.resolve("variants"));
  }

  private static SampleModel model() {
    return new SampleModel()
        .input("x", ElementType.FLOAT32, 1)
        .add(SampleModel.node("Mul", List.of("x", "weight"), "scaled"))
        .add(SampleModel.node("Tanh", List.of("scaled"), "out"))
        .output("out", ElementType.FLOAT32, 1);
  }

  private float[] runVariant(ModelFile file) {
    var variant = file.write(file.proto(), variants, "variant");
    try (var model = OnnxModel.load(variant)) {
      return model.run(INPUT).get("out").floats();
    }
  }

  private static float[] run(Path file) {
    try (var model = OnnxModel.load(file)) {
      return model.run(INPUT).get("out").floats();
    }
  }

  @Test
  void variantsOfAFileWithItsWeightsInsideComputeTheSame() {
    var path = model().add(WEIGHT).write(folder.resolve("model.onnx"));
    var file = ModelFile.read(path);
    assertTrue(file.proto().getSerializedSize() < LARGE, "the weights are outside");
    assertArrayEquals(run(path), runVariant(file));
  }

  @Test
  void variantsOfAFileWithExternalWeightsComputeTheSame() {
    var data = folder.resolve("model.onnx.data");
    var external = SampleModel.external(WEIGHT, data, 12);
    var path = model().add(external).write(folder.resolve("model.onnx"));
    var file = ModelFile.read(path);
    assertEquals(List.of(data), file.externalFiles());
    assertArrayEquals(run(path), runVariant(file));
  }

  @Test
  void weightsThatAreStoredAsNumbersAreReferencesToo() {
    var numbers = WEIGHT.toBuilder().clearRawData();
    for (float value : WEIGHTS) {
      numbers.addFloatData(value);
    }
    var path = model().add(numbers.build()).write(folder.resolve("model.onnx"));
    var file = ModelFile.read(path);
    assertEquals(0, file.proto().getGraph().getInitializer(0).getFloatDataCount());
    assertArrayEquals(run(path), runVariant(file));
  }

  /** PyTorch's exporter writes the location even if it is the default. */
  @Test
  void weightsThatStateToBeInsideAreReferencesToo() throws IOException {
    var path = model().write(folder.resolve("model.onnx"));
    var inside = ByteString.copyFrom(new byte[] {TensorProto.DATA_LOCATION_FIELD_NUMBER << 3, 0});
    var tensor = WEIGHT.toByteString().concat(inside);
    var initializer = field(GraphProto.INITIALIZER_FIELD_NUMBER, tensor);
    var graph = model().proto().getGraph().toByteString().concat(initializer);
    var model = model().proto().toBuilder().clearGraph().build().toByteString();
    Files.write(path, model.concat(field(ModelProto.GRAPH_FIELD_NUMBER, graph)).toByteArray());
    var file = ModelFile.read(path);
    assertTrue(file.proto().getSerializedSize() < LARGE, "the weights are outside");
    assertArrayEquals(run(path), runVariant(file));
  }

  private static ByteString field(int number, ByteString message) throws IOException {
    var bytes = ByteString.newOutput();
    var out = CodedOutputStream.newInstance(bytes);
    out.writeBytes(number, message);
    out.flush();
    return bytes.toByteString();
  }

  @Test
  void variantsOfAFileWithExternalWeightsInABranchComputeTheSame() {
    var external = SampleModel.external(WEIGHT, folder.resolve("model.onnx.data"), 0);
    var branch =
        GraphProto.newBuilder()
            .setName("branch")
            .addInitializer(external)
            .addNode(SampleModel.node("Mul", List.of("x", "weight"), "product"))
            .addOutput(new ValueType(ElementType.FLOAT32, 1).port("product"));
    var path =
        new SampleModel()
            .input("x", ElementType.FLOAT32, 1)
            .add(SampleModel.floats("zero", new float[] {0}))
            .add(SampleModel.node("ReduceSum", List.of("x"), "sum"))
            .add(SampleModel.node("Squeeze", List.of("sum"), "scalar"))
            .add(SampleModel.node("Less", List.of("scalar", "zero"), "less"))
            .add(
                SampleModel.node("If", List.of("less"), "out")
                    .addAttribute(SampleModel.attribute("then_branch", branch))
                    .addAttribute(SampleModel.attribute("else_branch", branch)))
            .output("out", ElementType.FLOAT32, 1)
            .write(folder.resolve("model.onnx"));
    assertArrayEquals(run(path), runVariant(ModelFile.read(path)));
  }

  @Test
  void elementsAreThoseOfTheFile() {
    var small = SampleModel.floats("small", new float[] {1.5f, -2}, 2);
    var path = model().add(WEIGHT).add(small).write(folder.resolve("model.onnx"));
    var file = ModelFile.read(path);
    var weight = new float[LARGE];
    file.elements(file.proto().getGraph().getInitializer(0)).asFloatBuffer().get(weight);
    assertArrayEquals(WEIGHTS, weight);
    var elements = file.elements(file.proto().getGraph().getInitializer(1));
    assertEquals(-2, elements.getFloat(Float.BYTES));
  }

  @Test
  void twoVariantsShareOneFileOfWeights() throws IOException {
    var file = ModelFile.read(model().add(WEIGHT).write(folder.resolve("model.onnx")));
    file.write(file.proto(), variants, "first");
    file.write(file.proto(), variants, "second");
    try (var files = Files.list(variants)) {
      assertEquals(3, files.count());
    }
  }

  @Test
  void variantsOfTwoFilesInOneFolderHaveTheirOwnWeights() {
    var first = ModelFile.read(model().add(WEIGHT).write(folder.resolve("first.onnx")));
    var other = SampleModel.floats("weight", SampleModel.range(LARGE, 7, -0.5f), LARGE);
    var path = model().add(other).write(folder.resolve("second.onnx"));
    first.write(first.proto(), variants, "first");
    assertArrayEquals(run(path), runVariant(ModelFile.read(path)));
  }

  @Test
  void aVariantDoesNotReplaceAnother() {
    var file = ModelFile.read(model().add(WEIGHT).write(folder.resolve("model.onnx")));
    file.write(file.proto(), variants, "variant");
    assertThrows(InputException.class, () -> file.write(file.proto(), variants, "variant"));
  }

  @Test
  void inputsWithAnInitializerAreNotPartOfTheSignature() {
    var path =
        model()
            .input("weight", ElementType.FLOAT32, 1)
            .add(WEIGHT)
            .write(folder.resolve("model.onnx"));
    var file = ModelFile.read(path);
    assertEquals("[x float32[?]]", file.inputs().toString());
    assertEquals("[out float32[?]]", file.outputs().toString());
  }

  @Test
  void elementsBothInsideAndOutsideAreRefused() {
    var external = SampleModel.external(WEIGHT, folder.resolve("model.onnx.data"), 0);
    var both = external.toBuilder().setRawData(WEIGHT.getRawData()).build();
    var path = model().add(both).write(folder.resolve("model.onnx"));
    var problem = assertThrows(InputException.class, () -> ModelFile.read(path));
    assertTrue(problem.getMessage().contains("'weight' has its elements in several pieces"));
  }

  @Test
  void aMissingFileIsReported() {
    var missing = folder.resolve("missing.onnx");
    var problem = assertThrows(RuntimeException.class, () -> ModelFile.read(missing));
    assertTrue(problem.getMessage().contains("no such file"), problem.getMessage());
    assertFalse(Files.exists(missing));
  }
}
