package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.runtime.device.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MissingLibraryTest {
  @TempDir private Path folder;

  @Test
  void aMissingFolderIsReported() throws IOException {
    var missing = folder.resolve("missing");
    assertEquals(
        List.of(problem("no such folder", missing), "no version, no opset"), output(missing));
  }

  @Test
  void theSystemsReasonIsReported() throws IOException {
    var file = Files.createFile(folder.resolve("file"));
    assertEquals(List.of(problem("Not a directory", file), "no version, no opset"), output(file));
  }

  private static String problem(String reason, Path folder) {
    return "ONNX Runtime cannot be loaded: %s; its library is unpacked into %s, which needs free space and must allow execution; -Djava.io.tmpdir=FOLDER sets another folder"
        .formatted(reason, folder);
  }

  private static List<String> output(Path temporary) throws IOException {
    var options = List.of("-Djava.io.tmpdir=" + temporary);
    return OtherJvm.lines(options, environment -> {}, Loading.class);
  }

  /** Prints the result of loading the library. */
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
