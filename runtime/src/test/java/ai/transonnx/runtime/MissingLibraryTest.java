package ai.transonnx.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.runtime.device.Device;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each in a JVM of its own: this one has loaded the library, and a JVM tries but once. */
class MissingLibraryTest {
  @TempDir private Path folder;

  @Test
  void saysThatTheFolderIsMissing() throws IOException {
    var missing = folder.resolve("missing");
    assertEquals(
        List.of(problem("there is no such folder", missing), "no version, no opset"),
        told(missing));
  }

  @Test
  void saysWhatTheSystemSays() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertEquals(List.of(problem("Not a directory", file), "no version, no opset"), told(file));
  }

  private static String problem(String reason, Path place) {
    return "ONNX Runtime cannot be loaded: %s; its library is unpacked into %s, where there must be room and code may run; -Djava.io.tmpdir=FOLDER names another folder"
        .formatted(reason, place);
  }

  private static List<String> told(Path temporary) throws IOException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-cp",
                System.getProperty("java.class.path", ""),
                Loading.class.getName())
            .redirectError(Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader(UTF_8)) {
      return lines.lines().toList();
    }
  }

  /** Says what comes of loading the library. */
  static final class Loading {
    private Loading() {}

    public static void main(String[] args) {
      System.out.println(
          NativeRuntime.problem(Device.CPU).map(DeviceException::getMessage).orElse("loads"));
      System.out.println(
          "%s version, %s opset"
              .formatted(
                  NativeRuntime.version().orElse("no"),
                  NativeRuntime.opset().isPresent() ? "an" : "no"));
    }
  }
}
