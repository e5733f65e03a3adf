package ai.transonnx.export.internal.deepspeed;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.pickle.PickleException;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.weights.Refusal;
import ai.transonnx.export.internal.weights.TensorBytes;
import ai.transonnx.export.weights.WeightFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reads checkpoints of two and three processes; {@code zero.py} has written them. */
class ZeroFolderTest {
  private static final Path FOLDERS =
      Path.of("src/test/resources/ai/transonnx/export/internal/deepspeed");
  private static final String MODEL = "mp_rank_00_model_states.pt";

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(strings = {"zero2", "zero3"})
  void weightsAreJoined(String stage) {
    try (var file = Weights.open(FOLDERS.resolve(stage))) {
      assertEquals("DeepSpeed ZeRO checkpoint", file.format());
      assertEquals(Map.of("ds_version", "0.17.0", "global_steps", "7"), file.metadata());
      assertCounts(file, "net.a", 0, "[3, 5]");
      assertCounts(file, "net.b", 100, "[2, 2, 2]");
      assertCounts(file, "net.c", 200, "[3]");
      assertCounts(file, "net.frozen", 400, "[2, 3]");
      assertCounts(file, "net.tied", 0, "[3, 5]");
      assertEquals(
          Set.of("net.a", "net.b", "net.c", "net.frozen", "net.tied", "net.freqs"),
          file.tensors().keySet());
    }
  }

  private static void assertCounts(WeightFile file, String name, int first, String shape) {
    var tensor = Objects.requireNonNull(file.tensors().get(name));
    assertEquals("float32 " + shape, tensor.type().toString());
    var numbers = TensorBytes.numbers(tensor);
    for (int i = 0; i < numbers.size(); i++) {
      assertEquals((float) (first + i), numbers.get(i));
    }
  }

  private void copy(String stage, Path target) throws IOException {
    Files.createDirectories(target);
    try (var files = Files.list(FOLDERS.resolve(stage))) {
      for (var file : files.toList()) {
        Files.copy(file, target.resolve(String.valueOf(file.getFileName())));
      }
    }
  }

  @Test
  void theNewestCheckpointOfATrainerIsOpened() throws IOException {
    copy("zero2", folder.resolve("global_step1"));
    copy("zero2", folder.resolve("global_step2"));
    Files.writeString(folder.resolve("latest"), "global_step2");
    try (var file = Weights.open(folder)) {
      assertEquals(folder.resolve("global_step2"), file.path());
    }
  }

  @Test
  void theChecksumsOfAllFilesAreCompared() {
    try (var file = Weights.open(FOLDERS.resolve("zero2"))) {
      assertDoesNotThrow(file::verifyChecksums);
    }
  }

  @Test
  void aModelWithoutItsOptimizersIsReadAlone() throws IOException {
    Files.copy(FOLDERS.resolve("zero2").resolve(MODEL), folder.resolve(MODEL));
    try (var file = Weights.open(folder)) {
      assertEquals(folder.resolve(MODEL), file.path());
      var half = Objects.requireNonNull(file.tensors().get("net.a"));
      assertEquals("float16 [3, 5]", half.type().toString());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "zero2, zero_pp_rank_1_mp_rank_00_optim_states.pt, 2 processes have written the checkpoint",
    "zero3, zero_pp_rank_1_mp_rank_00_optim_states.pt, but only 2 of the files",
    "zero3, zero_pp_rank_1_mp_rank_00_model_states.pt, but only 2 of the files",
    "zero2, mp_rank_00_model_states.pt, no file whose name ends with _model_states.pt",
  })
  void aMissingPartIsReported(String stage, String name, String message) throws IOException {
    copy(stage, folder);
    Files.delete(folder.resolve(name));
    Refusal.assertRefused(folder, message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mp_rank_01_model_states.pt",
        "zero_pp_rank_0_mp_rank_01_optim_states.pt",
        "layer_00-model_states.pt",
        "expp_rank_0_mp_rank_00_optim_states.pt",
        "layer_0_expert_0_mp_rank_00_model_states.pt",
      })
  void aModelThatIsItselfDividedIsRefused(String name) throws IOException {
    copy("zero2", folder);
    Files.createFile(folder.resolve(name));
    Refusal.assertRefused(folder, "is divided among processes, by tensors, layers or experts");
  }

  @Test
  void twoFilesOfOneProcessAreRefused() throws IOException {
    copy("zero2", folder);
    Files.createFile(folder.resolve("bf16_zero_pp_rank_0_mp_rank_00_optim_states.pt"));
    Refusal.assertRefused(folder, "two files are those of one process: bf16_zero_pp_rank_0");
  }

  @Test
  void aKeyIsRefused() {
    var e =
        assertThrows(InputException.class, () -> Weights.open(FOLDERS.resolve("zero2"), "model"));
    assertTrue(String.valueOf(e.getMessage()).endsWith("this format has no keys"));
  }

  @ParameterizedTest
  @CsvSource({
    "zero2, single_partition_of_fp32_groups, single_partition_of_fp32_grouqs, fp32_flat_groups",
    "zero2, partition_count, partition_coust, has no 'partition_count'",
    "zero2, optimizer_state_dict, optimizer_state_dice, has no 'optimizer_state_dict'",
    "zero3, partition_count, partition_coust, has no 'partition_count'",
  })
  void anInvalidOptimizerIsRefused(String stage, String from, String to, String message)
      throws IOException {
    copy(stage, folder);
    replace("zero_pp_rank_0_mp_rank_00_optim_states.pt", from, to);
    Refusal.assertRefused(folder, message);
  }

  @Test
  void theNumberOfProcessesIsThatOfItsLargestGroup() {
    var numbers = new Sequence();
    numbers.items().addAll(List.of(new Int(2), new Int(3)));
    assertEquals(3, ZeroFolder.count(numbers));
  }

  @Test
  void aNumberOfProcessesThatIsAListOfListsIsRefused() {
    var list = new Sequence();
    list.items().add(list);
    var e = assertThrows(PickleException.class, () -> ZeroFolder.count(list));
    assertEquals("its 'partition_count' has a list", e.getMessage());
  }

  @Test
  void flatWeightsThatDoNotFitTheShapesAreRefused() throws IOException {
    copy("zero2", folder);
    var first = folder.resolve("zero_pp_rank_0_mp_rank_00_optim_states.pt");
    Files.delete(first);
    Files.copy(FOLDERS.resolve("zero2-short.pt"), first);
    Refusal.assertRefused(folder, "its flat weights have 15 elements, and the shapes need 23");
  }

  private void replace(String name, String from, String to) throws IOException {
    var file = folder.resolve(name);
    var text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    var changed = text.replace(from, to);
    assertEquals(List.of(true, text.length()), List.of(!text.equals(changed), changed.length()));
    Files.write(file, changed.getBytes(StandardCharsets.ISO_8859_1));
  }
}
