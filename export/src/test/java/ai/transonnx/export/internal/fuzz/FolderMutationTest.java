package ai.transonnx.export.internal.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.Refusal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Opens small valid folders with random changes in one of their files, from a fixed seed. */
class FolderMutationTest {
  private static final Path FOLDERS = Path.of("src/test/resources/ai/transonnx/export/internal");

  @TempDir private Path directory = Path.of("");

  @ParameterizedTest
  @CsvSource({
    "distributed/four, .metadata, 200",
    "distributed/four, __3_0.distcp, 50",
    "deepspeed/zero2, mp_rank_00_model_states.pt, 80",
    "deepspeed/zero2, zero_pp_rank_1_mp_rank_00_optim_states.pt, 80",
    "deepspeed/zero3, zero_pp_rank_1_mp_rank_00_model_states.pt, 80",
    "deepspeed/zero3, zero_pp_rank_0_mp_rank_00_optim_states.pt, 80",
  })
  void everyFolderSurvivesSmallChanges(String folder, String name, int mutants) throws IOException {
    var source = FOLDERS.resolve(folder);
    var seed = Files.readAllBytes(source.resolve(name));
    var random = new Random(seed.length);
    int refused = 0;
    for (int i = 0; i < mutants; i++) {
      var copy = Files.createDirectory(directory.resolve(Integer.toString(i)));
      for (var other : others(source, name)) {
        Files.copy(source.resolve(other), copy.resolve(other));
      }
      Files.write(copy.resolve(name), MutationTest.mutant(seed, random));
      boolean accepted = assertTimeoutPreemptively(Duration.ofSeconds(10), () -> accepts(copy));
      refused += accepted ? 0 : 1;
    }
    assertTrue(refused > 0, "some are refused");
  }

  private static List<String> others(Path folder, String name) throws IOException {
    try (var files = Files.list(folder)) {
      return files
          .map(file -> String.valueOf(file.getFileName()))
          .filter(other -> !other.equals(name))
          .toList();
    }
  }

  private static boolean accepts(Path folder) {
    try {
      Refusal.readAll(folder);
      return true;
    } catch (InputException e) {
      String message = String.valueOf(e.getMessage());
      assertTrue(message.startsWith(folder.toString()), message);
      assertEquals(1, message.lines().count(), message);
      assertTrue(message.length() < 5000, message);
      return false;
    }
  }
}
