package ai.transonnx.spark.internal.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.proto.GraphProto;
import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.format.internal.proto.StringStringEntryProto;
import ai.transonnx.format.internal.proto.TensorProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ContentHashTest {
  @TempDir private Path folder;

  @Test
  void aFileHasTheHashOfItsBytes() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        ContentHash.ofFile(file));
  }

  @Test
  void aChangedFileHasAnotherHash() throws IOException {
    var file = Files.writeString(folder.resolve("file"), "abc");
    var before = ContentHash.ofFile(file);
    Files.writeString(file, "abd");
    Files.setLastModifiedTime(file, FileTime.fromMillis(1));
    assertNotEquals(before, ContentHash.ofFile(file));
  }

  @Test
  void aModelHasTheHashOfItsFileOrOfAllItsFiles() throws IOException {
    var model = model("");
    assertEquals(ContentHash.ofFile(model), ContentHash.ofModel(model));
    Files.writeString(folder.resolve("a.data"), "abcd");
    var external = model("a.data");
    var before = ContentHash.ofModel(external);
    Files.writeString(folder.resolve("a.data"), "abce");
    Files.setLastModifiedTime(folder.resolve("a.data"), FileTime.fromMillis(1));
    assertNotEquals(before, ContentHash.ofModel(external));
  }

  @Test
  void aMissingFileIsReported() {
    var failure =
        assertThrows(InputException.class, () -> ContentHash.ofFile(folder.resolve("none")));
    assertEquals(folder.resolve("none") + ": no such file", failure.getMessage());
  }

  private Path model(String weights) throws IOException {
    var tensor = TensorProto.newBuilder().setName("w").setDataType(1).addDims(1);
    if (!weights.isEmpty()) {
      tensor
          .setDataLocation(TensorProto.DataLocation.EXTERNAL)
          .addExternalData(
              StringStringEntryProto.newBuilder().setKey("location").setValue(weights));
    }
    var graph = GraphProto.newBuilder().addInitializer(tensor);
    var model = ModelProto.newBuilder().setGraph(graph).build();
    return Files.write(folder.resolve("model" + weights + ".onnx"), model.toByteArray());
  }
}
