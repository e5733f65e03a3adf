package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class EarlyFingerprintTest {
  private static final Path WEIGHTS =
      Path.of("../golden-tests/cases/token-shift-gpt/base/weights.safetensors");

  @Test
  void bothFormsOfTheOptionAreRecognized() {
    for (var form : List.of("--weights " + WEIGHTS, "--weights=" + WEIGHTS)) {
      var fingerprint = EarlyFingerprint.of(("export --config c.json " + form).split(" "));
      assertEquals(List.of(WEIGHTS), fingerprint.orElseThrow().files());
    }
  }

  @Test
  void anInvalidFileIsNotReported() {
    for (var args :
        List.of("--weights no-such-file", "--weights", "--weights=", "--weights-key k")) {
      assertTrue(EarlyFingerprint.of(args.split(" ")).isEmpty(), args);
    }
  }
}
