package ai.transonnx.runtime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

class OrtBootstrapTest {
  @TempDir private Path folder;

  @Test
  void aMachineIdOrAShellIsSufficient() throws IOException {
    var none = folder.resolve("none");
    var empty = Files.createFile(folder.resolve("empty"));
    var number = Files.writeString(folder.resolve("machine-id"), "0123");
    assertDoesNotThrow(() -> OrtBootstrap.checkMachine(number, none));
    assertDoesNotThrow(() -> OrtBootstrap.checkMachine(none, OtherJvm.JAVA));
    assertThrows(DeviceException.class, () -> OrtBootstrap.checkMachine(none, empty));
    var error = assertThrows(DeviceException.class, () -> OrtBootstrap.checkMachine(empty, none));
    assertEquals(
        "ONNX Runtime would crash this process: its telemetry needs %s or %s, and both are missing; set ORT_DISABLE_TELEMETRY=1 before java starts"
            .formatted(empty, none),
        error.getMessage());
  }

  /** Runs a JVM with telemetry but without a network, and reads the unsent messages. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void aLongCommandLineDoesNotCrashAndModelsAreNotReported() throws IOException {
    var model =
        TinyModels.stateful().metadata("transonnx.config", "nobody's business").write(folder);
    assertEquals(List.of("loads on cpu"), output(model.toString(), "/classes.jar:".repeat(9_000)));
    var messages = messages();
    assertTrue(
        messages.contains("ProcessInfo"),
        "telemetry is stored in another file, so the test is void");
    assertFalse(messages.contains("nobody's business"));
  }

  private List<String> output(String... arguments) throws IOException {
    return OtherJvm.lines(
        List.of(),
        environment -> {
          environment.keySet().removeIf(name -> !name.equals("PATH"));
          environment.put("HOME", folder.toString());
          environment.put("TMPDIR", folder.toString());
          environment.put("https_proxy", "http://127.0.0.1:9");
        },
        Loading.class,
        arguments);
  }

  private String messages() throws IOException {
    var text = new StringBuilder();
    try (var files = Files.walk(folder.resolve(".cache"))) {
      for (var file : files.filter(Files::isRegularFile).toList()) {
        text.append(Files.readString(file, ISO_8859_1));
      }
    }
    return text.toString();
  }

  /** Loads a model. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      try (var model = OnnxModel.load(Path.of(args[0]))) {
        System.out.println("loads on " + model.device());
      }
    }
  }
}
