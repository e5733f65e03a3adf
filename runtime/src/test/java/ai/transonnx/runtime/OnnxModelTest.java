package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.ModelOptions.Optimisation;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class OnnxModelTest {
  private static final Tensor TOKENS = Tensor.ofLongs(new long[] {1, 2, 3, 4}, 2, 2);
  private static final Tensor SUMS = Tensor.ofLongs(new long[] {10, 20}, 2, 1);

  @TempDir private Path folder;

  @Test
  void aRunReturnsEveryOutput() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var outputs = model.run(Map.of("tokens", TOKENS, "past_sum", SUMS));
      assertArrayEquals(new long[] {13, 27}, outputs.get("present_sum").longs());
      assertArrayEquals(new long[] {2, 2, TinyModels.V}, outputs.get("logits").shape());
      var expected = new float[TinyModels.V];
      expected[(1 + 10 + 1) % TinyModels.V] = 1;
      assertArrayEquals(expected, Arrays.copyOf(outputs.get("logits").floats(), TinyModels.V));
    }
  }

  @Test
  void outputsCanBeTheNextInputs() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var first = model.run(Map.of("tokens", TOKENS, "past_sum", SUMS));
      var second = model.run(Map.of("tokens", TOKENS, "past_sum", first.get("present_sum")));
      assertArrayEquals(new long[] {16, 34}, second.get("present_sum").longs());
    }
  }

  @Test
  void anOutputIsWrittenIntoATensorOfTheCaller() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var target = Tensor.zeros(ElementType.FLOAT32, 2, 2, TinyModels.V);
      model.run(Map.of("tokens", TOKENS), Map.of("logits", target), new Cancellation());
      var expected = model.run(Map.of("tokens", TOKENS)).get("logits").floats();
      assertArrayEquals(expected, target.floats());
    }
  }

  @Test
  void aTensorThatCannotBeAnOutputIsRefused() {
    try (var model = OnnxModel.load(TinyModels.stateless().write(folder))) {
      var inputs = Map.of("tokens", TOKENS);
      var cancellation = new Cancellation();
      var wide = Map.of("logits", Tensor.zeros(ElementType.FLOAT64, 2, 2, TinyModels.V));
      assertThrows(TypeException.class, () -> model.run(inputs, wide, cancellation));
      var heap = ByteBuffer.allocate(4 * 4 * TinyModels.V);
      var copied = Map.of("logits", Tensor.of(ElementType.FLOAT32, heap, 2, 2, TinyModels.V));
      assertThrows(TypeException.class, () -> model.run(inputs, copied, cancellation));
      var small = Map.of("logits", Tensor.zeros(ElementType.FLOAT32, 2, 1, TinyModels.V));
      assertThrows(RunException.class, () -> model.run(inputs, small, cancellation));
      var unknown = Map.of("scores", Tensor.zeros(ElementType.FLOAT32, 1));
      assertThrows(NameException.class, () -> model.run(inputs, unknown, cancellation));
      Map<String, Tensor> none = Map.of();
      assertThrows(RequestException.class, () -> model.run(inputs, none, cancellation));
    }
  }

  @Test
  void aRunReturnsTheRequestedOutputs() {
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      var inputs = Map.of("tokens", TOKENS, "past_sum", SUMS);
      var outputs = model.run(inputs, Set.of("present_sum"), new Cancellation());
      assertEquals(Set.of("present_sum"), outputs.names());
      assertThrows(
          RequestException.class, () -> model.run(inputs, Set.of("loss"), new Cancellation()));
      assertThrows(RequestException.class, () -> model.run(inputs, Set.of(), new Cancellation()));
    }
  }

  @Test
  void withoutChecksOfShapesAndTokensOnnxRuntimeDecides() {
    var options = ModelOptions.builder().inputChecks(InputChecks.NAMES_AND_TYPES).build();
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder), options)) {
      var negative = Tensor.ofLongs(new long[] {-1, 2, 3, 4}, 2, 2);
      var outputs = model.run(Map.of("tokens", negative, "past_sum", SUMS));
      assertArrayEquals(new long[] {11, 27}, outputs.get("present_sum").longs());
      var floats = Tensor.ofFloats(new float[] {1}, 1, 1);
      assertThrows(TypeException.class, () -> model.run(Map.of("tokens", floats)));
      assertThrows(NameException.class, () -> model.run(Map.of("tokens", negative)));
    }
  }

  @Test
  void theSignatureIsReadFromTheFile() {
    var tiny =
        TinyModels.stateful()
            .metadata(MetadataKey.MAX_LENGTH, "8")
            .metadata(MetadataKey.TOP_K, "floor")
            .metadata(MetadataKey.LIBRARY, "token-shift-gpt");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      assertEquals(
          "[tokens int64[batch, n], past_sum int64[batch, 1]]",
          model.signature().inputs().values().toString());
      assertEquals(
          "logits float32[batch, n, 11]",
          model.signature().output("logits").orElseThrow().toString());
      var batch = Dim.of("batch");
      var one = Dim.of(1);
      assertEquals(
          List.of(
              new StateTensor(
                  "past_sum",
                  "present_sum",
                  ElementType.INT64,
                  List.of(batch, one),
                  List.of(batch, one),
                  StateRole.RECURRENT)),
          model.metadata().state());
      assertEquals(OptionalInt.of(8), model.metadata().maxLength());
      assertEquals(Optional.of(TopKCountRounding.FLOOR), model.metadata().topKRounding());
      assertEquals(Optional.of("token-shift-gpt"), model.metadata().library());
      assertEquals(Optional.empty(), model.metadata().config());
      assertEquals(OptionalInt.of(TinyModels.V), model.vocabulary());
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyOptimisationLevelReturnsTheSame(Optimisation optimisation) {
    var options = ModelOptions.builder().optimisation(optimisation).threads(1).build();
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder), options)) {
      var outputs = model.run(Map.of("tokens", TOKENS, "past_sum", SUMS));
      assertArrayEquals(new long[] {13, 27}, outputs.get("present_sum").longs());
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"UINT16", "UINT32", "UINT64"})
  void aTypeThatTheJavaApiLacksIsRejected(ElementType type) {
    var file =
        new TinyModel()
            .input("x", type, "n")
            .node("Identity", List.of("x"), "y")
            .output("y", type, "n")
            .write(folder);
    var e = assertThrows(ModelException.class, () -> OnnxModel.load(file));
    assertTrue(String.valueOf(e.getMessage()).contains("not supported"), e.getMessage());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"UINT16", "UINT32", "UINT64", "INT4"},
      mode = EnumSource.Mode.EXCLUDE)
  void everyOtherElementTypeIsAccepted(ElementType type) {
    var tiny =
        new TinyModel()
            .input("x", type, "n")
            .node("Identity", List.of("x"), "y")
            .output("y", type, "n");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var x = Tensor.zeros(type, 3);
      for (int i = 0; i < x.buffer().capacity(); i++) {
        x.buffer().put(i, (byte) (i % 2));
      }
      var y = model.run(Map.of("x", x)).get("y");
      assertEquals(type, y.type());
      assertEquals(x.data(), y.data());
    }
  }

  @Test
  void heapBuffersAreAccepted() {
    var tiny =
        new TinyModel()
            .input("x", ElementType.INT8, "n")
            .node("Identity", List.of("x"), "y")
            .output("y", ElementType.INT8, "n");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var x = Tensor.of(ElementType.INT8, ByteBuffer.wrap(new byte[] {0, 5, -6}, 1, 2), 2);
      assertArrayEquals(new long[] {5, -6}, model.run(Map.of("x", x)).get("y").longs());
    }
  }

  @Test
  void aClosedModelIsReported() {
    var model = OnnxModel.load(TinyModels.stateful().write(folder));
    model.close();
    model.close();
    assertThrows(
        ClosedException.class, () -> model.run(Map.of("tokens", TOKENS, "past_sum", SUMS)));
  }

  @Test
  void aMissingFileIsNamed() {
    Path file = folder.resolve("none.onnx");
    var e = assertThrows(ModelException.class, () -> OnnxModel.load(file));
    assertEquals(file + ": no such file", e.getMessage());
    assertThrows(ModelException.class, () -> OnnxModel.load(folder));
  }

  @Test
  void aDeviceIsRefused() {
    var file = Path.of("/dev/zero");
    var e = assertThrows(ModelException.class, () -> OnnxModel.load(file));
    assertEquals(file + ": this is a pipe or a device; a file is needed", e.getMessage());
  }

  @Test
  void aModelInAnArchiveIsRefusedAlsoIfTheDiskHasOneOfThatName() throws IOException {
    var file = TinyModels.stateful().write(folder);
    var jar = folder.resolve("a.jar");
    try (var archive = FileSystems.newFileSystem(jar, Map.of("create", "true"))) {
      var inside = archive.getPath(file.toAbsolutePath().toString());
      Files.createDirectories(inside.getParent());
      Files.copy(file, inside);
      var e = assertThrows(ModelException.class, () -> OnnxModel.load(inside));
      assertTrue(e.getMessage().endsWith("'jar'; a plain file on disk is needed"), e.getMessage());
    }
  }

  @Test
  void aTruncatedFileIsNamedInOneLine() throws IOException {
    Path file = TinyModels.stateful().write(folder);
    byte[] bytes = Files.readAllBytes(file);
    for (int length : new int[] {0, 1, 5, bytes.length / 2, bytes.length - 1}) {
      Files.write(file, Arrays.copyOf(bytes, length));
      var e = assertThrows(ModelException.class, () -> OnnxModel.load(file));
      // Without a byte there is no error in the Protobuf message, but no graph either.
      var problem =
          length == 0 ? "this model cannot be loaded: " : "truncated, or not an ONNX file: ";
      assertTrue(e.getMessage().startsWith(file + ": " + problem), e.getMessage());
      assertEquals(1, e.getMessage().lines().count());
    }
  }

  @Test
  void aFailureInsideTheRuntimeIsARunException() {
    var tiny =
        new TinyModel()
            .input("x", ElementType.FLOAT32, "n")
            .floats("three", 1, 2, 3)
            .node("Add", List.of("x", "three"), "y")
            .output("y", ElementType.FLOAT32, "n");
    try (var model = OnnxModel.load(tiny.write(folder))) {
      var x = Tensor.ofFloats(new float[] {1, 2}, 2);
      var e = assertThrows(RunException.class, () -> model.run(Map.of("x", x)));
      assertTrue(e.getMessage().contains("the run failed"), e.getMessage());
    }
  }

  @Test
  void manyThreadsShareAModel() throws Exception {
    var pool = Executors.newFixedThreadPool(4);
    try (var model = OnnxModel.load(TinyModels.stateful().write(folder))) {
      Callable<Boolean> work =
          () -> {
            for (int i = 0; i < 50; i++) {
              var sums = Tensor.ofLongs(new long[] {i, i + 1}, 2, 1);
              var outputs = model.run(Map.of("tokens", TOKENS, "past_sum", sums));
              assertArrayEquals(new long[] {i + 3, i + 8}, outputs.get("present_sum").longs());
            }
            return true;
          };
      for (var done : pool.invokeAll(List.of(work, work, work, work))) {
        assertTrue(done.get());
      }
    } finally {
      pool.shutdown();
    }
  }
}
