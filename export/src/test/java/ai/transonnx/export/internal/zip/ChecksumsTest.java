package ai.transonnx.export.internal.zip;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TestWeights;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChecksumsTest {
  private static final byte[] ELEMENTS = {1, 2, 3, 4, 5, 6, 7, 8};

  @TempDir private Path directory = Path.of("");

  private static byte[] npy() {
    var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }".getBytes(ISO_8859_1);
    return ByteBuffer.allocate(10 + header.length + ELEMENTS.length)
        .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) header.length, 0})
        .put(header)
        .put(ELEMENTS)
        .array();
  }

  private Path write(byte[] file) throws IOException {
    return Files.write(directory.resolve("w.npz"), file);
  }

  private static byte[] flipped(byte[] file) {
    String text = new String(file, ISO_8859_1);
    var flipped = Arrays.copyOf(file, file.length);
    flipped[text.indexOf(new String(ELEMENTS, ISO_8859_1)) + 5] ^= 1;
    return flipped;
  }

  @Test
  void anIntactArchivePasses() throws IOException {
    var file = new ZipBytes().add("a.npy", npy()).addDeflated("b.npy", npy()).toByteArray();
    try (var weights = Weights.open(write(file))) {
      assertDoesNotThrow(weights::verifyChecksums);
    }
  }

  @Test
  void aFlippedByteIsFound() throws IOException {
    var path = write(flipped(new ZipBytes().add("a.npy", npy()).toByteArray()));
    try (var weights = Weights.open(path)) {
      var error = assertThrows(InputException.class, weights::verifyChecksums);
      assertEquals(
          path + ": entry 'a.npy' is damaged: its checksum does not match; copy the file again",
          error.getMessage());
    }
  }

  @Test
  void aFormatWithoutChecksumsIsNamed() {
    var path = new TestWeights().addCounting("a", 2).write(directory.resolve("w.safetensors"));
    try (var weights = Weights.open(path)) {
      var error = assertThrows(InputException.class, weights::verifyChecksums);
      assertEquals(
          path + ": checksums of the format safetensors are not supported", error.getMessage());
    }
  }
}
