package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.graph.Shape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WeightsTest {
  @TempDir private Path directory = Path.of("");

  /** The length of a header of 128 bytes starts with 0x80, as a pickle does. */
  @Test
  void detectsSafetensorsWithAHeaderOfAnyLength() throws IOException {
    int others = 0;
    for (int length = 1; length < 200; length++) {
      String name = "n".repeat(length);
      var path = new TestWeights().add(name, Shape.of(1), 1f).write(directory.resolve("w"));
      others += Files.readAllBytes(path)[0] == (byte) 0x80 ? 1 : 0;
      assertTrue(Weights.looksLikeWeights(path));
      try (var file = Weights.open(path)) {
        assertEquals(Set.of(name), file.tensors().keySet());
      }
    }
    assertEquals(1, others);
  }

  @Test
  void aPointerOfGitLfsIsCalledSo() throws IOException {
    var path = directory.resolve("model.safetensors");
    Files.writeString(path, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n");
    Refusal.assertRefused(path, "this is a pointer of Git LFS, not the file itself");
  }
}
