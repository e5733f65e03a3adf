package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import ai.transonnx.InputException;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.CaseTests;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * All recorded cases of the releases of x-transformers but those of the project's own selection,
 * which {@link GoldenCasesTest} runs. They are in the folder that the system property {@code
 * release.cases} names, if there is one.
 */
@Tag("slow")
class AllReleaseCasesTest {
  private static final String PROPERTY = "release.cases";
  private static final Path SELECTION = Path.of("releases");
  private static final List<String> FILES =
      List.of("case.json", "weights.safetensors", "io.safetensors");

  /** The reason why a case is refused, by release and name. */
  private static final Map<String, String> REFUSED =
      Map.of(
          "2.26.4/layerwise-options",
          "'attn_layers.attn_gate_values' is [true,false]; it must be true or false");

  @TempDir private Path scratch;

  @TestFactory
  Stream<DynamicNode> cases() {
    var given = System.getProperty(PROPERTY);
    assumeTrue(given != null, PROPERTY + " is not set");
    var folder = Path.of(given);
    assumeTrue(Files.isDirectory(folder), folder + " is not there");
    var tests = new CaseTests(folder, scratch, CaseChecks.loader(ModelOptions.defaults()));
    return Stream.concat(
        tests.all(
            EmitOptions.STANDARD,
            path -> !REFUSED.containsKey(name(folder, path)) && !isSelected(folder, path)),
        CaseFolder.below(folder).stream()
            .filter(path -> REFUSED.containsKey(name(folder, path)))
            .map(path -> refusal(path, REFUSED.get(name(folder, path)))));
  }

  private static DynamicTest refusal(Path path, String reason) {
    return DynamicTest.dynamicTest(
        path.getFileName() + " is refused",
        () ->
            assertEquals(
                path.resolve("case.json") + ": " + reason,
                assertThrows(InputException.class, () -> CaseFolder.read(path).architecture())
                    .getMessage()));
  }

  /** Whether the project has the same case with the same recorded values. */
  private static boolean isSelected(Path folder, Path path) {
    return FILES.stream()
        .allMatch(
            file ->
                isSame(path.resolve(file), SELECTION.resolve(name(folder, path)).resolve(file)));
  }

  private static boolean isSame(Path first, Path second) {
    try {
      return Files.exists(second) && Files.mismatch(first, second) < 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(Path folder, Path path) {
    return folder.relativize(path).toString().replace('\\', '/');
  }
}
