package ai.transonnx.export.internal.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightTensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads a checkpoint of four processes; {@code four.py} has written it. */
class DistributedFolderTest {
  private static final Path FOUR =
      Path.of("src/test/resources/ai/transonnx/export/internal/distributed/four");

  @TempDir private Path folder = Path.of("");

  @Test
  void tensorsAreJoined() {
    try (var file = Weights.open(FOUR)) {
      assertEquals("PyTorch distributed checkpoint", file.format());
      assertEquals(FOUR, file.path());
      assertEquals(5, file.files().size());
      assertEquals(
          Set.of("net.rows", "net.columns", "net.grid", "net.few", "net.whole", "net.scalar"),
          file.tensors().keySet());
      assertCounts(file.tensors().get("net.rows"), "float32 [5, 3]");
      assertCounts(file.tensors().get("net.grid"), "float32 [5, 7, 2]");
      assertCounts(file.tensors().get("net.few"), "float32 [1, 2]");
      var scalar = Objects.requireNonNull(file.tensors().get("net.scalar"));
      assertEquals(List.of(7f), TensorBytes.numbers(scalar));
      var half = Objects.requireNonNull(file.tensors().get("net.columns"));
      assertEquals("float16 [3, 5]", half.type().toString());
      assertEquals((short) 0x4700, TensorBytes.numbers(half).get(7)); // 7.0
      var whole = Objects.requireNonNull(file.tensors().get("net.whole"));
      assertEquals("bfloat16 [2, 3]", whole.type().toString());
      assertEquals((short) 0x40a0, TensorBytes.numbers(whole).get(5)); // 5.0
    }
  }

  private static void assertCounts(@Nullable WeightTensor stored, String type) {
    var tensor = Objects.requireNonNull(stored);
    assertEquals(type, tensor.type().toString());
    var numbers = TensorBytes.numbers(tensor);
    for (int i = 0; i < numbers.size(); i++) {
      assertEquals((float) i, numbers.get(i));
    }
  }

  @Test
  void everyStateDictHasItsKey() {
    try (var file = Weights.open(FOUR, "optimizer.state.0")) {
      assertEquals(Set.of("exp_avg"), file.tensors().keySet());
    }
  }

  private void copy() throws IOException {
    try (var files = Files.list(FOUR)) {
      for (var file : files.toList()) {
        Files.copy(file, folder.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  @Test
  void aMissingFileIsNamed() throws IOException {
    copy();
    Files.delete(folder.resolve("__1_0.distcp"));
    Refusal.assertRefused(folder, "__1_0.distcp: no such file");
  }

  @Test
  void aFolderWithoutItsIndexIsRefused() throws IOException {
    copy();
    Files.delete(folder.resolve(".metadata"));
    Refusal.assertRefused(folder, ".metadata: no such file");
  }

  @Test
  void aTensorBeyondTheEndOfItsFileIsNamed() throws IOException {
    copy();
    Files.write(folder.resolve("__3_0.distcp"), new byte[] {1});
    try (var file = Weights.open(folder)) {
      assertTrue(
          String.valueOf(file.unusable().get("net.grid"))
              .contains("of __3_0.distcp, which has 1; the file is truncated"),
          file.unusable().toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "__1_0.distcp, ../_0.distcp, its files must be in this folder",
    "__1_0.distcp, /_1_0.distcp, its files must be in this folder",
    "storage_data, storage_date, has no 'storage_data'",
    "state_dict_metadata, state_dict_metadate, has no 'state_dict_metadata'",
    "chunks, chunkz, has no 'chunks'",
    "offsets, offsetz, has no 'offsets'",
    "relative_path, relative_pith, has no 'relative_path'",
  })
  void anInvalidIndexIsRefused(String from, String to, String message) throws IOException {
    copy();
    var index = folder.resolve(".metadata");
    var bytes = new String(Files.readAllBytes(index), StandardCharsets.ISO_8859_1);
    Files.write(index, bytes.replaceFirst(from, to).getBytes(StandardCharsets.ISO_8859_1));
    Refusal.assertRefused(folder, message);
  }

  @Test
  void chunksThatDoNotCoverTheirTensorAreReported() throws IOException {
    copy();
    var index = folder.resolve(".metadata");
    var bytes = new String(Files.readAllBytes(index), StandardCharsets.ISO_8859_1);
    String size = "K\005K\007K\002";
    Files.write(
        index, bytes.replaceFirst(size, "K\006K\007K\002").getBytes(StandardCharsets.ISO_8859_1));
    try (var file = Weights.open(folder)) {
      assertTrue(
          String.valueOf(file.unusable().get("net.grid")).startsWith("its chunks do not cover it"),
          file.unusable().toString());
    }
  }

  @Test
  void checksumsAreVerified() throws IOException {
    copy();
    var part = folder.resolve("__3_0.distcp");
    try (var file = Weights.open(folder)) {
      file.verifyChecksums();
    }
    var bytes = Files.readAllBytes(part);
    for (int i = 0; i + 4 <= bytes.length; i++) {
      if (bytes[i] == 0 && bytes[i + 2] == 0x48 && bytes[i + 3] == 0x42) { // 50.0f
        bytes[i] = 1;
      }
    }
    Files.write(part, bytes);
    try (var file = Weights.open(folder)) {
      var e = assertThrows(InputException.class, file::verifyChecksums);
      assertTrue(String.valueOf(e.getMessage()).contains("is damaged"), e.getMessage());
    }
  }
}
