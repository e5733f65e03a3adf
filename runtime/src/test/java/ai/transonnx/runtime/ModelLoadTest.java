package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.internal.proto.ModelProto;
import ai.transonnx.runtime.internal.scan.Onnx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loads that are refused, and loads that end early. */
class ModelLoadTest {
  @TempDir private Path folder = Path.of("");

  private static final int LEVELS = 12;

  /** A valid model of 4096 calls, which takes ONNX Runtime a second or more. */
  private Path slow() throws IOException {
    var functions =
        IntStream.rangeClosed(0, LEVELS)
            .mapToObj(
                i ->
                    i == LEVELS
                        ? Onnx.function("F" + i, "a", "r", Onnx.node("Neg", "a", "r"))
                        : Onnx.function(
                            "F" + i,
                            "a",
                            "r",
                            Onnx.call("F" + (i + 1), "a", "t"),
                            Onnx.call("F" + (i + 1), "t", "r")))
            .toList();
    var model =
        Onnx.model(Onnx.graph(Onnx.call("F0", "x", "y")))
            .messages(ModelProto.FUNCTIONS_FIELD_NUMBER, functions);
    return Files.write(folder.resolve("slow.onnx"), model.encode().toByteArray());
  }

  @Test
  void aFileThatTheCheckRefusesIsNotLoaded() throws IOException {
    var model =
        Onnx.valid().message(ModelProto.METADATA_PROPS_FIELD_NUMBER, Onnx.entry("a\0b", "c"));
    var file = Files.write(folder.resolve("nul.onnx"), model.encode().toByteArray());
    var error = assertThrows(ModelException.class, () -> OnnxModel.load(file));
    assertEquals(file + ": the text 'a?b' contains a NUL character", error.getMessage());
  }

  @Test
  void onnxRuntimesOwnFormatIsNotReadWhateverTheNameOfTheFile() throws IOException {
    var model = Onnx.valid().encode().toByteArray();
    var file = Files.write(folder.resolve("model.ort"), model);
    try (var loaded = OnnxModel.load(file)) {
      assertEquals(List.of("x"), List.copyOf(loaded.signature().inputs().keySet()));
    }
  }

  @Test
  void aLoadEndsAtItsDeadline() throws Exception {
    var file = slow();
    var deadline = Cancellation.after(Duration.ofMillis(20));
    var error =
        assertThrows(
            DeadlineException.class, () -> OnnxModel.load(file, ModelOptions.defaults(), deadline));
    assertEquals(file + ": loading: not done within 20 ms", error.getMessage());
    awaitAbandonedLoads();
  }

  @Test
  void aCancelledLoadFails() throws Exception {
    var file = slow();
    var cancellation = new Cancellation();
    cancellation.cancel();
    var error =
        assertThrows(
            CancelledException.class,
            () -> OnnxModel.load(file, ModelOptions.defaults(), cancellation));
    assertEquals(file + ": loading: cancelled", error.getMessage());
    awaitAbandonedLoads();
  }

  @Test
  void anInterruptCancelsALoad() throws Exception {
    var file = slow();
    Thread.currentThread().interrupt();
    assertThrows(CancelledException.class, () -> OnnxModel.load(file));
    assertTrue(Thread.interrupted());
    awaitAbandonedLoads();
  }

  @Test
  void aDeadlineThatIsNotReachedHasNoEffect() throws IOException {
    var file = TinyModels.stateless().write(folder);
    var deadline = Cancellation.after(Duration.ofHours(1));
    try (var model = OnnxModel.load(file, ModelOptions.defaults(), deadline)) {
      assertFalse(deadline.isCancelled());
      assertTrue(model.signature().input("tokens").isPresent());
    }
  }

  /** Abandoned loads end, and nothing of them is left when the JVM of the tests ends. */
  private static void awaitAbandonedLoads() throws InterruptedException {
    for (var thread : Thread.getAllStackTraces().keySet()) {
      if (thread.getName().equals(ModelLoad.THREAD)) {
        thread.join();
      }
    }
  }
}
