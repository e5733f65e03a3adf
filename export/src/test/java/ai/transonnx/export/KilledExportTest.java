package ai.transonnx.export;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.graph.Shape;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Exports over existing models, by processes that are killed meanwhile; {@code -Dtransonnx.kills=N}
 * sets their number.
 */
class KilledExportTest {
  private static final int KILLS = Integer.getInteger("transonnx.kills", 4);
  private static final List<String> WEIGHTS = List.of("a.safetensors", "b.safetensors");

  @TempDir private Path directory = Path.of("");

  @BeforeEach
  void writeWeights() {
    new TestWeights()
        .addCounting("weight", 4, 4)
        .addCounting("bias", 4)
        .write(directory.resolve("a.safetensors"));
    new TestWeights()
        .addCounting("weight", 4, 4)
        .add("bias", Shape.of(4), 7, 7, 7, 7)
        .write(directory.resolve("b.safetensors"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void leavesAnOldOrANewModelWhole(boolean external) throws Exception {
    var outputs = Files.createDirectory(directory.resolve("outputs"));
    var expected = Files.createDirectory(directory.resolve("expected"));
    for (var weights : WEIGHTS) {
      var folder = Files.createDirectory(expected.resolve(weights));
      export(directory.resolve(weights), folder.resolve("m.onnx"), external);
    }
    export(directory.resolve("a.safetensors"), outputs.resolve("m.onnx"), external);
    var names = names(outputs);
    assertEquals(external ? List.of("m.onnx", "m.onnx.data") : List.of("m.onnx"), names);
    var random = new Random(3);
    for (int i = 0; i < KILLS; i++) {
      killedExport(outputs.resolve("m.onnx"), external, random.nextInt(40_000));
      for (var name : names) {
        assertTrue(isOldOrNew(outputs.resolve(name), expected), name);
      }
      export(directory.resolve("a.safetensors"), outputs.resolve("m.onnx"), external);
      assertEquals(names, names(outputs));
    }
  }

  private static boolean isOldOrNew(Path file, Path expected) throws IOException {
    for (var weights : WEIGHTS) {
      var name = String.valueOf(file.getFileName());
      if (Files.mismatch(file, expected.resolve(weights).resolve(name)) < 0) {
        return true;
      }
    }
    return false;
  }

  private static List<String> names(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  private static void export(Path weights, Path output, boolean external) {
    try (var opened = Weights.open(weights)) {
      Exporter.export(
          ExportRequest.builder(TestModels.full(17), opened, output)
              .externalData(external)
              .build());
    }
  }

  private void killedExport(Path output, boolean external, int microseconds) throws Exception {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home", ""), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path", ""),
                EndlessExports.class.getName(),
                directory.toString(),
                output.toString(),
                Boolean.toString(external))
            .redirectError(Redirect.DISCARD)
            .start();
    assertEquals('>', process.getInputStream().read(), "it has exported once");
    assertTrue(!process.waitFor(microseconds, TimeUnit.MICROSECONDS), "it exports");
    process.destroyForcibly().waitFor();
  }

  /** A program that replaces a model until it is killed. */
  static final class EndlessExports {
    private EndlessExports() {}

    public static void main(String[] args) {
      for (int i = 0; ; i++) {
        var weights = Path.of(args[0]).resolve(WEIGHTS.get(i % WEIGHTS.size()));
        export(weights, Path.of(args[1]), Boolean.parseBoolean(args[2]));
        if (i == 0) {
          System.out.print(">");
          System.out.flush();
        }
      }
    }
  }
}
