package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TelemetryTest {
  @ParameterizedTest
  @CsvSource({
    "Linux, 1, OFF",
    "Linux, ' Yes', OFF",
    "Linux, '', PROCESSES",
    "Linux, 0, PROCESSES",
    "Mac OS X, false, PROCESSES",
    "Windows 11, '', OFF",
  })
  void theSystemAndTheVariableDecide(String system, String variable, Telemetry expected) {
    assertEquals(expected, Telemetry.of(system, variable));
  }

  @Test
  void testsDisableIt() throws IOException {
    var build = Files.readString(Path.of("../pom.xml"));
    assertTrue(
        build.contains("<%1$s>%2$s</%1$s>".formatted(Telemetry.VARIABLE, Telemetry.DISABLING)));
  }

  @Test
  void documentsNameTheVariable() throws IOException {
    var document = Files.readString(Path.of("../docs/running.md"));
    assertTrue(document.contains("`%s=%s`".formatted(Telemetry.VARIABLE, Telemetry.DISABLING)));
  }
}
