package ai.transonnx.verification.internal.runner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.runner.LoadedModel;
import ai.transonnx.verification.runner.MissingRunnerException;
import ai.transonnx.verification.runner.ModelRunner;
import ai.transonnx.verification.runner.RunnerException;
import ai.transonnx.verification.runner.RunnerOptions;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
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

/** Runners whose process behaves in any way. */
final class ProcessRunnerTest {
  private static final List<ElementType> TYPES = List.of(ElementType.FLOAT32);
  private static final RunnerOptions PATIENT = RunnerOptions.defaults();
  private static final RunnerOptions IMPATIENT =
      RunnerOptions.builder().startTime(Duration.ofMillis(200)).build();

  @TempDir private Path folder;

  private static ModelRunner open(String mode, RunnerOptions options) {
    return Runners.open(FakeRunner.name(mode), options);
  }

  private LoadedModel load(ModelRunner runner) throws IOException {
    return runner.load(SmallModels.identity(folder, TYPES));
  }

  private static Map<String, Tensor> run(LoadedModel model) {
    return model.run(SmallModels.inputs(TYPES), Set.of("out_float32"));
  }

  private static void assertTells(RunnerException error, String problem) {
    assertTrue(error.getMessage().contains(problem), error.getMessage());
    assertTrue(error.getMessage().startsWith("exec:"), error.getMessage());
    assertFalse(error.getMessage().chars().anyMatch(Character::isISOControl), error.getMessage());
  }

  @AfterEach
  void noProcessIsLeft() {
    assertEquals(
        List.of(), ProcessHandle.current().descendants().filter(ProcessHandle::isAlive).toList());
  }

  @Test
  void aResultIsReturned() throws IOException {
    try (var runner = open("works", PATIENT);
        var model = load(runner)) {
      for (int i = 0; i < 2; i++) {
        var output = Objects.requireNonNull(run(model).get("out_float32"));
        assertArrayEquals(new long[] {2, 3}, output.shape());
      }
    }
  }

  @Test
  void theFingerprintIsThatOfTheProcessAndTheMachine() {
    try (var runner = open("works", PATIENT)) {
      var fingerprint = runner.fingerprint();
      assertEquals(
          "fake 1 none",
          String.join(" ", fingerprint.runtime(), fingerprint.version(), fingerprint.provider()));
      assertEquals("x?y", fingerprint.properties().get("build"));
      assertEquals("true", fingerprint.properties().get("flag"));
      assertFalse(fingerprint.properties().containsKey("list"));
      assertTrue(fingerprint.properties().containsKey("system"));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "dies-at-once, ended with exit code 3 while starting; its last error output: cannot find the"
        + " library",
    "begins-with-garbage, no JSON object while starting: 'Hello? from the program'",
    "begins-without-fingerprint, no 'ready' and no 'fingerprint'",
    "prints-without-end, a line without an end while starting: 'xxxxx",
    "closes-its-output, closed its standard output while starting",
  })
  void aProcessThatDoesNotStartIsOneLine(String mode, String problem) {
    assertTells(assertThrows(RunnerException.class, () -> open(mode, PATIENT)), problem);
  }

  @Test
  void aProcessThatHangsAtItsStartIsEnded() {
    assertTells(
        assertThrows(RunnerException.class, () -> open("hangs-at-once", IMPATIENT)),
        "did not answer within 0.2 s while starting");
  }

  @Test
  void aProgramThatDoesNotExistIsOneLine() {
    var error =
        assertThrows(RunnerException.class, () -> Runners.open("exec:./there-is-no-such-file"));
    assertTells(error, "cannot be started");
  }

  @Test
  void aProcessMayReportThatItIsNotInstalled() {
    var error = assertThrows(MissingRunnerException.class, () -> open("is-not-installed", PATIENT));
    assertTells(error, "no runtime");
    assertEquals("get runtime", error.install());
  }

  @Test
  void aRefusalIsOneLineAndTheProcessGoesOn() throws IOException {
    try (var runner = open("refuses", PATIENT)) {
      for (int i = 0; i < 2; i++) {
        assertTells(
            assertThrows(RunnerException.class, () -> load(runner)), ": no kernel?for this");
      }
    }
  }

  @ParameterizedTest
  @CsvSource({
    "leaves-its-output-to-a-child, ended with exit code 5 while running a model",
    "dies, ended with exit code 134 (aborted) while running a model; its last error output: out of"
        + " luck",
    "answers-with-garbage, '[1, 2'",
    "answers-without-ok, without 'ok' while running a model",
    "writes-nothing, no such file",
    "makes-a-folder, this is a directory",
    "writes-garbage, a header of",
    "writes-a-link-to-a-device, this is a pipe or a device",
    "has-a-huge-header, a header of 9223372036854775807 bytes is not possible",
    "has-no-such-output, there is no tensor 'out_float32'",
    "has-another-type, 'is float64[1, 3]; the model declares float32'",
    "has-an-unknown-type, unsupported dtype 'F8'",
    "has-another-size, '24 bytes, which do not fit float32[2, 2]'",
    "has-a-negative-size, '[-2,-3]'",
    "has-too-many-elements, 'bytes, which do not fit float32[4611686018427387904, 4]'",
    "is-truncated, exceeds the file",
  })
  void aWrongResultIsOneLineAndEndsTheProcess(String mode, String problem) throws IOException {
    try (var runner = open(mode, PATIENT);
        var model = load(runner)) {
      assertTells(assertThrows(RunnerException.class, () -> run(model)), problem);
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)), "it was ended, because it ");
    }
  }

  @Test
  void aProcessThatHangsIsEnded() throws IOException {
    var options = RunnerOptions.builder().runTime(Duration.ofMillis(200)).build();
    try (var runner = open("hangs", options);
        var model = load(runner)) {
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)),
          "did not answer within 0.2 s while running a model");
    }
  }

  @Test
  void aResultHasALimit() throws IOException {
    var options = RunnerOptions.builder().resultBytes(1000).build();
    try (var runner = open("is-large", options);
        var model = load(runner)) {
      assertTells(
          assertThrows(RunnerException.class, () -> run(model)), "exceed the limit of 1000");
    }
  }

  @Test
  void aLineTooMuchEndsTheProcess() throws IOException {
    try (var runner = open("answers-twice", PATIENT);
        var model = load(runner)) {
      assertThrows(
          RunnerException.class,
          () -> {
            run(model);
            run(model);
            run(model);
          });
    }
  }

  @Test
  void errorOutputDoesNotBlock() {
    try (var runner = open("writes-many-errors", PATIENT)) {
      assertEquals("fake", runner.fingerprint().runtime());
    }
  }

  @Test
  void anUnknownOutputIsOneLine() throws IOException {
    try (var runner = open("works", PATIENT);
        var model = load(runner)) {
      var error = assertThrows(RunnerException.class, () -> model.run(Map.of(), Set.of("logits")));
      assertTells(error, "the model has no output 'logits'; it has [out_float32]");
    }
  }
}
