package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Fuzzes the load of models in a process of its own, which a crash of ONNX Runtime would end. */
class MutantLoadsTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void changedModelsAreLoadedOrRefused() throws IOException {
    assertLoadedOrRefused(3, 300);
  }

  @Tag("slow")
  @ParameterizedTest
  @ValueSource(longs = {1, 2})
  void manyChangedModelsAreLoadedOrRefused(long seed) throws IOException {
    assertLoadedOrRefused(seed, 1500);
  }

  private void assertLoadedOrRefused(long seed, int mutants) throws IOException {
    var mutant = folder.resolve("mutant.onnx");
    var lines =
        OtherJvm.lines(
            List.of("-Xmx256m"),
            environment -> environment.put("ORT_DISABLE_TELEMETRY", "1"),
            MutantLoads.class,
            Long.toString(seed),
            Integer.toString(mutants),
            mutant.toString());
    var last = lines.isEmpty() ? "the process ended" : lines.get(lines.size() - 1);
    if (!last.endsWith(" loaded")) {
      var saved = Path.of("target", "mutant-%s.onnx".formatted(seed)).toAbsolutePath();
      Files.createDirectories(saved.getParent());
      Files.copy(mutant, saved, StandardCopyOption.REPLACE_EXISTING);
      last += "; the model is " + saved;
    }
    assertTrue(last.matches("\\d+ loaded"), last);
    assertEquals(1, lines.size());
    int loaded = Integer.parseInt(last.substring(0, last.indexOf(' ')));
    assertTrue(loaded > mutants / 50 && loaded < mutants, last);
  }
}
