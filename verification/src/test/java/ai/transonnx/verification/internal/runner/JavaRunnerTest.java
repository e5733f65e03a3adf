package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.runtime.NativeRuntime;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ONNX Runtime Java and DJL in other JVMs. */
final class JavaRunnerTest {
  /** The version that this project is built with, which is always in the repository. */
  private static final String OWN = "ort-java:" + NativeRuntime.version().orElseThrow();

  private static final String OLDEST = "ort-java:1.13.1";

  private static final List<ElementType> TYPES_OF_1_13 =
      List.of(
          ElementType.FLOAT32,
          ElementType.FLOAT64,
          ElementType.INT8,
          ElementType.UINT8,
          ElementType.INT16,
          ElementType.INT32,
          ElementType.INT64,
          ElementType.BOOL);

  @TempDir private Path folder;

  @Test
  void theOwnVersionComputesAGoldenCase() {
    try (var runner = Installed.open(OWN + ":none:threads=1")) {
      assertEquals(OWN, "ort-java:" + runner.fingerprint().version());
      assertEquals("none", runner.fingerprint().properties().get("level"));
      SmallModels.assertComputesGoldenCase(runner, folder);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {OLDEST, "ort-java:1.21.1", "djl"})
  void otherVersionsComputeAGoldenCase(String name) {
    try (var runner = Installed.open(name)) {
      var emit = EmitOptions.STANDARD.withOpset(17);
      SmallModels.assertComputes(runner, "x-transformers/decoder", emit, folder);
    }
  }

  @Test
  void typesPass() throws IOException {
    try (var runner = Installed.open(OWN)) {
      SmallModels.assertPasses(runner, folder, withHalf(TYPES_OF_1_13));
    }
  }

  @Test
  void typesOfTheOldestVersionPass() throws IOException {
    try (var runner = Installed.open(OLDEST)) {
      assertEquals("1.13.1", runner.fingerprint().version());
      SmallModels.assertPasses(runner, folder, TYPES_OF_1_13);
    }
  }

  @Test
  void typesOfDjlPass() throws IOException {
    var types = new ArrayList<>(withHalf(TYPES_OF_1_13));
    types.remove(ElementType.INT16);
    try (var runner = Installed.open("djl:basic:threads=1")) {
      assertEquals(JavaRunner.DJL, runner.fingerprint().version());
      assertEquals("1.21.1", runner.fingerprint().properties().get("onnxruntime"));
      SmallModels.assertPasses(runner, folder, types);
    }
  }

  private static List<ElementType> withHalf(List<ElementType> types) {
    var all = new ArrayList<>(types);
    all.add(ElementType.FLOAT16);
    all.add(ElementType.BFLOAT16);
    return all;
  }

  @Test
  void aTypeThatTheVersionLacksIsOneLine() throws IOException {
    var types = List.of(ElementType.FLOAT16);
    try (var runner = Installed.open(OLDEST);
        var model = runner.load(SmallModels.identity(folder, types))) {
      var error =
          assertThrows(
              RunnerException.class,
              () -> model.run(SmallModels.inputs(types), Set.of("out_float16")));
      assertTrue(error.getMessage().contains("FLOAT16"), error.getMessage());
    }
  }

  @Test
  void aFailureIsOneLineAndTheProcessGoesOn() throws IOException {
    var wrong = Map.of("in_bool", Tensor.ofFloats(new float[6], 2, 3));
    try (var runner = Installed.open(OWN);
        var model = runner.load(SmallModels.identity(folder, List.of(ElementType.BOOL)))) {
      for (int i = 0; i < 2; i++) {
        var error = assertThrows(RunnerException.class, () -> model.run(wrong, Set.of("out_bool")));
        assertTrue(error.getMessage().contains("bool"), error.getMessage());
        assertFalse(error.getMessage().contains("\n"), error.getMessage());
      }
    }
  }

  @Test
  void aVersionThatIsNotInstalledNamesTheCommand() {
    var error = assertThrows(MissingRunnerException.class, () -> Runners.open("ort-java:0.0.1"));
    assertEquals(
        "mvn dependency:get -Dartifact=com.microsoft.onnxruntime:onnxruntime:0.0.1",
        error.install());
  }

  @ParameterizedTest
  @ValueSource(strings = {"ort-java:../../x", "ort-java:newest", "ort-java:/no/such.jar"})
  void aWrongVersionIsOneLine(String name) {
    var error = assertThrows(InputException.class, () -> Runners.open(name));
    assertTrue(error.getMessage().contains(name), error.getMessage());
  }

  @Test
  void aPathOfAJarIsAVersion() {
    var version = NativeRuntime.version().orElseThrow();
    var jar = new LocalRepository.Jar("com.microsoft.onnxruntime", "onnxruntime", version);
    var path = LocalRepository.find().jar(OWN, jar, jar);
    try (var runner = Runners.open("ort-java:" + path + ":basic")) {
      assertEquals(version, runner.fingerprint().version());
    }
  }

  @Test
  void aJarOfAnotherLibraryIsOneLine() throws IOException {
    var jar = Files.createFile(folder.resolve("other.jar"));
    var error = assertThrows(RunnerException.class, () -> Runners.open("ort-java:" + jar));
    assertTrue(error.getMessage().contains("ended with exit code 1"), error.getMessage());
  }

  @Test
  void djlHasTheVersionOfTheBuild() throws IOException {
    var pom = Files.readString(Path.of("../pom.xml"));
    var version = Pattern.compile("<djl.version>(.*)</djl.version>").matcher(pom);
    assertTrue(version.find());
    assertEquals(version.group(1), JavaRunner.DJL);
  }
}
