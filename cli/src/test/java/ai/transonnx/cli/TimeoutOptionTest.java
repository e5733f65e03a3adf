package ai.transonnx.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TimeoutOptionTest {
  private static final Path JAVA = Path.of(System.getProperty("java.home", ""), "bin", "java");
  private static final Path CASE = Path.of("../golden-tests/cases/x-transformers/greedy-rotary");

  @TempDir private Path folder = Path.of("");

  private Path exported() {
    return CommandRun.exported(
        CASE, folder.resolve("model.onnx"), "--incremental", "--logits", "last");
  }

  @Test
  void theProcessEndsWhileAModelRuns() throws IOException, InterruptedException {
    var builder =
        new ProcessBuilder(
            JAVA.toString(),
            "-cp",
            System.getProperty("java.class.path", ""),
            Transonnx.class.getName(),
            "generate",
            exported().toString(),
            "--tokens",
            "1,2,3",
            "--greedy",
            "--window",
            "keep",
            "--length",
            "1000000000",
            "--timeout",
            "2s");
    builder.environment().put("ORT_DISABLE_TELEMETRY", "1");
    var process = builder.start();
    List<String> lines;
    try (var err = process.errorReader(UTF_8)) {
      lines = err.lines().filter(line -> line.startsWith("transonnx: not done")).toList();
    }
    assertEquals(List.of("transonnx: not done within the --timeout of 2.0 s"), lines);
    assertEquals(ExitCode.INVALID_INPUT, process.waitFor());
  }

  @Test
  void aCommandThatEndsEarlierIsNotAffected() {
    var model = exported();
    CommandRun.of(
            "generate", model, "--tokens", "1,2", "--length", 2, "--greedy", "--timeout", "1h")
        .assertDone();
    CommandRun.of("doctor", model, "--timeout", "3600000ms").assertDone();
    CommandRun.of("verify", "--cases", CASE, "--timeout", "60m").assertDone();
  }

  @ParameterizedTest
  @ValueSource(strings = {"soon", "90", "-1s", "1.5s", ""})
  void aDurationHasANumberAndAUnit(String duration) {
    CommandRun.of("doctor", "--timeout", duration)
        .assertRefused("'" + duration + "' is not a duration such as 500ms, 90s, 5m or 2h");
  }

  @Test
  void aDurationHasAtMostNineDigits() {
    CommandRun.of("doctor", "--timeout", "99999999999999h")
        .assertRefused("'99999999999999h' is too long; a number of at most 9 digits is allowed");
  }
}
