package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ExternalizedModelTest {
  private static final int COUNT = 2000;

  @TempDir private Path folder;

  @Test
  void weightsStayInTheFile() throws IOException {
    var file = weighty(COUNT);
    var lean = ExternalizedModel.of(file).orElseThrow();
    assertEquals(folder.toRealPath(), lean.folder());
    assertTrue(lean.bytes().length < 500, lean.bytes().length + " bytes remain");
  }

  @Test
  void aModelComputesWithTheWeightsOfItsFile() throws IOException {
    assertComputes(weighty(COUNT));
    assertComputes(Files.createSymbolicLink(folder.resolve("link.onnx"), weighty(COUNT)));
  }

  @Test
  void smallWeightsAreNotExternalized() {
    assertEquals(Optional.empty(), ExternalizedModel.of(weighty(100)));
  }

  @Test
  void anUnreadableFileIsLeftToOnnxRuntime() throws IOException {
    var bytes = Files.readAllBytes(weighty(COUNT));
    for (int length : new int[] {1, 5, 40, bytes.length / 2, bytes.length - 1}) {
      var cut = Files.write(folder.resolve("cut.onnx"), Arrays.copyOf(bytes, length));
      assertEquals(Optional.empty(), ExternalizedModel.of(cut), length + " bytes");
      assertThrows(ModelException.class, () -> OnnxModel.load(cut));
    }
    var endless = new byte[64];
    Arrays.fill(endless, (byte) 0xff);
    assertEquals(
        Optional.empty(), ExternalizedModel.of(Files.write(folder.resolve("x.onnx"), endless)));
  }

  @Test
  void aLengthBeyondTheFileIsIgnored() throws IOException {
    var graph = new byte[] {7 << 3 | 2, -1, -1, -1, -1, -1, -1, -1, -1, 0x7f};
    assertEquals(
        Optional.empty(), ExternalizedModel.of(Files.write(folder.resolve("l.onnx"), graph)));
  }

  /** A model that adds the constants 0, 1, 2 ... to its input. */
  private Path weighty(int count) {
    var numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = i;
    }
    return new TinyModel()
        .input("x", ElementType.FLOAT32, 1)
        .floats("numbers", numbers)
        .node("Add", List.of("x", "numbers"), "y")
        .output("y", ElementType.FLOAT32, count)
        .write(folder);
  }

  private static void assertComputes(Path file) {
    try (var model = OnnxModel.load(file)) {
      var outputs = model.run(Map.of("x", Tensor.ofFloats(new float[] {0.5f}, 1)));
      var y = outputs.asMap().values().iterator().next().floats();
      assertEquals(COUNT, y.length);
      assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f}, Arrays.copyOf(y, 3));
      assertEquals(COUNT - 0.5f, y[COUNT - 1]);
    }
  }
}
