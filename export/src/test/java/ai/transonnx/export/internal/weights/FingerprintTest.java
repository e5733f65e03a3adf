package ai.transonnx.export.internal.weights;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Fingerprint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FingerprintTest {
  @Test
  void equalsTheSha256OfTheFile(@TempDir Path directory) throws IOException {
    var path = Files.writeString(directory.resolve("abc"), "abc");
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Fingerprint.start(path).hex());
  }

  @Test
  void readsMoreThanOneBlock(@TempDir Path directory) throws IOException {
    var path =
        Files.write(
            directory.resolve("a"), "a".repeat(1_000_000).getBytes(StandardCharsets.US_ASCII));
    assertEquals(
        "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
        Fingerprint.start(path).hex());
  }

  @Test
  void refusesAMissingFileImmediately(@TempDir Path directory) {
    assertThrows(InputException.class, () -> Fingerprint.start(directory.resolve("none")));
  }
}
