package ai.transonnx.verification.internal.runner.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.runner.RunnerName;
import ai.transonnx.verification.internal.runner.SmallModels;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerOptions;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pages and browsers that behave in any way. */
final class PageTest {
  private static final List<ElementType> TYPES = List.of(ElementType.FLOAT32);
  private static final RunnerOptions PATIENT = RunnerOptions.defaults();

  @TempDir private Path folder;

  private static ModelRunner open(String mode, RunnerOptions options) {
    var java = Path.of(System.getProperty("java.home", ""), "bin", "java").toString();
    var command =
        List.of(
            java,
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xmx64m",
            "-cp",
            classes(),
            FakePage.class.getName(),
            mode);
    var setup = new WebSetup(command, OrtVariant.WASM, Map.of());
    return WebRunner.open(RunnerName.parse("web-wasm"), options, setup);
  }

  private static String classes() {
    try {
      return Path.of(FakePage.class.getProtectionDomain().getCodeSource().getLocation().toURI())
          .toString();
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private LoadedModel load(ModelRunner runner) throws IOException {
    return runner.load(SmallModels.identity(folder, TYPES));
  }

  private static Map<String, Tensor> run(LoadedModel model) {
    return model.run(SmallModels.inputs(TYPES), Set.of("out_float32"));
  }

  private static void assertTells(RunnerException error, String problem) {
    assertTrue(error.getMessage().contains(problem), error.getMessage());
    assertTrue(error.getMessage().startsWith("web-wasm: "), error.getMessage());
    assertFalse(error.getMessage().chars().anyMatch(Character::isISOControl), error.getMessage());
  }

  @AfterEach
  void noProcessIsLeft() {
    assertEquals(
        List.of(), ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList());
  }

  @Test
  void resultsAreReturnedForEachCall() throws IOException {
    try (var runner = open("works", PATIENT);
        var model = load(runner)) {
      for (int i = 0; i < 2; i++) {
        var output = Objects.requireNonNull(run(model).get("out_float32"));
        assertEquals("float32[2, 3]", output.toString());
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dies-at-once, ended with exit code 3 while starting; its last error output: cannot open the"
        + " display",
    "begins-with-garbage, no JSON object while starting: '<html>'",
  })
  void aPageThatDoesNotStartIsOneLine(String mode, String problem) {
    assertTells(assertThrows(RunnerException.class, () -> open(mode, PATIENT)), problem);
  }

  @Test
  void aBrowserThatOpensNoPageIsEnded() {
    var options = RunnerOptions.builder().startTime(Duration.ofMillis(200)).build();
    assertTells(
        assertThrows(RunnerException.class, () -> open("hangs-at-once", options)),
        "did not answer within 0.2 s while starting");
  }

  @Test
  void aBrowserWithoutAdapterIsMissing() {
    var error = assertThrows(MissingRunnerException.class, () -> open("has-no-adapter", PATIENT));
    assertTells(error, "no adapter");
    assertEquals("get one", error.install());
  }

  @Test
  void aRefusalIsOneLineAndThePageGoesOn() throws IOException {
    try (var runner = open("refuses", PATIENT);
        var model = load(runner)) {
      for (int i = 0; i < 2; i++) {
        assertTells(assertThrows(RunnerException.class, () -> run(model)), ": no kernel?for this");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dies, ended with exit code 134 (aborted) while running a model",
    "crashes, 'lost its page, which crashed or was closed while running a model'",
    "answers-with-garbage, '[1, 2'",
    "answers-too-much, answered with more than 65536 bytes while running a model",
    "returns-nothing, no such file",
    "returns-too-much, returned more than 1000 bytes while running a model",
    "returns-another-type, 'is float64[1, 3]; the model declares float32'",
    "returns-twice, returned results twice while running a model",
  })
  void aPageThatBreaksTheProtocolIsEnded(String mode, String problem) throws IOException {
    var options = RunnerOptions.builder().resultBytes(1000).build();
    try (var runner = open(mode, options);
        var model = load(runner)) {
      assertTells(assertThrows(RunnerException.class, () -> run(model)), problem);
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)), "it was ended, because it ");
    }
  }

  @Test
  void aPageThatAnswersTwiceIsEnded() throws IOException {
    try (var runner = open("answers-twice", PATIENT);
        var model = load(runner)) {
      assertThrows(
          RunnerException.class,
          () -> {
            run(model);
            run(model);
          });
    }
  }

  @Test
  void aPageThatHangsIsEnded() throws IOException {
    var options = RunnerOptions.builder().runTime(Duration.ofMillis(200)).build();
    try (var runner = open("hangs", options);
        var model = load(runner)) {
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)),
          "did not answer within 0.2 s while running a model");
    }
  }

  @Test
  void onlyThePageIsServedAndOnlyItsFiles() throws IOException {
    try (var runner = open("looks-around", PATIENT);
        var model = load(runner)) {
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)),
          "page 200, inputs 200, model 404, without secret 404, other host 404, elsewhere 404");
    }
  }
}
