package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

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
  void theSystemAndTheProcessSettleIt(String system, String variable, Telemetry told) {
    assertEquals(told, Telemetry.of(system, variable));
  }

  @Test
  void testsAndTheLauncherTurnItOff() throws IOException {
    var variable = Telemetry.VARIABLE;
    var disabling = Telemetry.DISABLING;
    var launcher = Files.readString(Path.of("../transonnx"));
    assertTrue(launcher.contains("export %1$s=\"${%1$s-%2$s}\"\n".formatted(variable, disabling)));
    var build = Files.readString(Path.of("../pom.xml"));
    assertTrue(build.contains("<%1$s>%2$s</%1$s>".formatted(variable, disabling)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"../README.md", "../docs/running.md"})
  void usersAreToldHow(String document) throws IOException {
    var setting = "`%s=%s`".formatted(Telemetry.VARIABLE, Telemetry.DISABLING);
    assertTrue(Files.readString(Path.of(document)).contains(setting));
  }
}
