package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.internal.proto.AttributeProto;
import ai.transonnx.format.internal.proto.FunctionProto;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.NodeProto;
import ai.transonnx.format.internal.proto.SparseTensorProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {
  @TempDir private Path folder;

  private static TensorProto tensor(String location) {
    return TensorProto.newBuilder()
        .setName("w")
        .setDataLocation(TensorProto.DataLocation.EXTERNAL)
        .addExternalData(StringStringEntryProto.newBuilder().setKey("location").setValue(location))
        .build();
  }

  private static NodeProto node(AttributeProto.Builder attribute) {
    return NodeProto.newBuilder().addAttribute(attribute).build();
  }

  private Path write(ModelProto.Builder model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.build().toByteArray());
  }

  private Path write(GraphProto.Builder graph) throws IOException {
    return write(ModelProto.newBuilder().setGraph(graph));
  }

  @Test
  void weightsAreFoundInEveryPartOfAModel() throws IOException {
    var branch = GraphProto.newBuilder().addInitializer(tensor("branch.data"));
    var sparse = SparseTensorProto.newBuilder().setValues(tensor("sparse.data"));
    var graph =
        GraphProto.newBuilder()
            .addInitializer(tensor("main.data"))
            .addInitializer(tensor("main.data"))
            .addInitializer(TensorProto.newBuilder().setName("inside"))
            .addSparseInitializer(sparse)
            .addNode(node(AttributeProto.newBuilder().setG(branch)))
            .addNode(node(AttributeProto.newBuilder().setT(tensor("sub/constant.data"))));
    var function =
        FunctionProto.newBuilder()
            .addNode(node(AttributeProto.newBuilder().addTensors(tensor("function.data"))));
    var model = write(ModelProto.newBuilder().setGraph(graph).addFunctions(function));
    assertEquals(
        List.of("branch.data", "function.data", "main.data", "sparse.data", "sub/constant.data"),
        ModelFiles.weights(model).stream().map(Path::toString).toList());
  }

  @Test
  void aModelWithItsWeightsInsideNeedsNoOtherFile() throws IOException {
    var graph = GraphProto.newBuilder().addInitializer(TensorProto.newBuilder().setName("w"));
    assertEquals(List.of(), ModelFiles.weights(write(graph)));
  }

  @Test
  void weightsOutsideOfTheFolderAreRefused() throws IOException {
    var model = write(GraphProto.newBuilder().addInitializer(tensor("../secret")));
    var failure = assertThrows(ModelException.class, () -> ModelFiles.weights(model));
    assertTrue(failure.getMessage().contains("'../secret'"), failure::getMessage);
  }

  @Test
  void aFileThatIsNoModelIsRefused() throws IOException {
    var model = Files.writeString(folder.resolve("model.onnx"), "no model");
    assertThrows(ModelException.class, () -> ModelFiles.weights(model));
  }

  @Test
  void theTokenizerIsNamedAfterTheModel() {
    assertEquals(
        Path.of("a/model.onnx.tokenizer.json"), ModelFiles.tokenizer(Path.of("a/model.onnx")));
  }
}
