package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@EnabledOnOs({OS.LINUX, OS.MAC})
class SignalTest {
  private static final int SIGNALS = Integer.getInteger("transonnx.signals", 4);
  private static final int SIGTERM = 128 + 15;
  private static final int SIZE = 128;

  @TempDir private Path folder;

  /**
   * When the signal is sent.
   *
   * @param line the last line that the process has printed
   * @param millis the time since then
   */
  record Moment(String line, int millis) {}

  /** While the library is unpacked and the first model loads, and while others load and run. */
  static Stream<Moment> moments() {
    var random = new Random();
    return IntStream.range(0, SIGNALS)
        .mapToObj(i -> new Moment(i % 2 == 0 ? "starts" : "loaded", random.nextInt(800)));
  }

  @ParameterizedTest
  @MethodSource("moments")
  void aSignalEndsLoadsAndRunsWithoutACrashAndLeavesNothing(Moment moment) throws Exception {
    var model = model().write(folder);
    var temporary = Files.createDirectory(folder.resolve("temporary"));
    var process =
        new ProcessBuilder(
                OtherJvm.JAVA.toString(),
                "-Djava.io.tmpdir=" + temporary,
                "-XX:ErrorFile=" + temporary.resolve("hs_err.log"),
                "-cp",
                System.getProperty("java.class.path", ""),
                Work.class.getName(),
                model.toString())
            .redirectError(Redirect.INHERIT)
            .start();
    try (var lines = process.inputReader()) {
      assertTrue(lines.lines().anyMatch(moment.line()::equals), "it ended early");
      assertFalse(
          process.waitFor(moment.millis(), TimeUnit.MILLISECONDS), "it ended before the signal");
      process.destroy();
      assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ignores the signal");
    } finally {
      process.destroyForcibly();
    }
    assertEquals(List.of(), names(temporary));
    assertEquals(SIGTERM, process.exitValue());
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static TinyModel model() {
    var model = new TinyModel().input("x", ElementType.FLOAT32, SIZE, SIZE);
    String last = "x";
    for (int i = 0; i < 800; i++) {
      model.node("MatMul", List.of(last, "x"), "x" + i);
      last = "x" + i;
    }
    return model.output(last, ElementType.FLOAT32, SIZE, SIZE);
  }

  /** Loads and runs a model, without end. */
  static final class Work {
    private Work() {}

    public static void main(String[] args) {
      var x = Tensor.ofFloats(new float[SIZE * SIZE], SIZE, SIZE);
      System.out.println("starts");
      while (true) {
        try (var model = OnnxModel.load(Path.of(args[0]))) {
          System.out.println("loaded");
          model.run(Map.of("x", x));
        }
      }
    }
  }
}
