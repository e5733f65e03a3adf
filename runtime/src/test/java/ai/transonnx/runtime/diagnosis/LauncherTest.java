package ai.transonnx.runtime.diagnosis;

import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Telemetry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The environment variables that must be set before the JVM starts. */
class LauncherTest {
  @ParameterizedTest
  @CsvSource({
    HugePages.VARIABLE + ", " + HugePages.REQUEST,
    Telemetry.VARIABLE + ", " + Telemetry.DISABLING,
  })
  void theLauncherSetsTheDocumentedVariables(String variable, String value) throws IOException {
    var launcher = Files.readString(Path.of("../transonnx"));
    var document = Files.readString(Path.of("../docs/production.md"));
    assertTrue(launcher.contains("export %1$s=\"${%1$s-%2$s}\"\n".formatted(variable, value)));
    assertTrue(document.contains("`%s=%s`".formatted(variable, value)));
  }
}
