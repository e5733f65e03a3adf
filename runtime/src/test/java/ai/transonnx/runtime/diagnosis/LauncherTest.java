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
    HugePages.VARIABLE + ", " + HugePages.REQUEST + ", memory-and-threads.md",
    Telemetry.VARIABLE + ", " + Telemetry.DISABLING + ", production.md",
  })
  void theLauncherSetsTheDocumentedVariables(String variable, String value, String guide)
      throws IOException {
    var launcher = Files.readString(Path.of("../transonnx"));
    var document = Files.readString(Path.of("../docs", guide));
    assertTrue(launcher.contains("export %1$s=\"${%1$s-%2$s}\"\n".formatted(variable, value)));
    assertTrue(document.contains("`%s=%s`".formatted(variable, value)));
  }
}
