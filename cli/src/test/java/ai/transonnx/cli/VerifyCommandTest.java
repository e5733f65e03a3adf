package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
  private static final Path CASES = Path.of("../golden-tests/cases/token-shift-gpt");

  @TempDir private Path folder;

  @Test
  void casesThatAgreeAreReported() {
    var run = CommandRun.of("verify", "--cases", CASES.resolve("base")).assertDone();
    assertTrue(run.out().startsWith("ok    token-shift-gpt/base: 6 checks"), run.out());
    assertTrue(run.out().endsWith("1 of 1 cases agree, in 6 checks\n"), run.out());
  }

  @Test
  void casesAreVerifiedInEveryPrecision() {
    var base = CASES.resolve("base");
    for (var type : List.of("float16", "bfloat16", "float64")) {
      CommandRun.of("verify", "--cases", base, "--dtype", type).assertDone();
    }
    CommandRun.of("verify", "--cases", base, "--dtype", "float16", "--rounded").assertDone();
    CommandRun.of("verify", "--cases", base, "--rounded")
        .assertRefused("--rounded is for --dtype float16 or bfloat16");
    CommandRun.of("verify", "--cases", base, "--dtype", "half")
        .assertRefused("unknown dtype 'half'; expected float32, float64, float16 or bfloat16");
  }

  @Test
  void aCaseThatDisagreesFailsTheVerification() throws IOException {
    var copy = Files.createDirectories(folder.resolve("changed/base"));
    for (var file : new String[] {"weights.safetensors", "io.safetensors"}) {
      Files.copy(CASES.resolve("base").resolve(file), copy.resolve(file));
    }
    var description = Files.readString(CASES.resolve("base/case.json"));
    Files.writeString(
        copy.resolve("case.json"),
        description.replace("\"depth\": 2", "\"depth\": 2, \"use_discounted_cumsum\": true"));
    var run = CommandRun.of("verify", "--cases", folder);
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().startsWith("FAIL  changed/base: step 0: logits["), run.out());
    assertTrue(run.out().endsWith("0 of 1 cases agree, in 6 checks\n"), run.out());
  }

  @Test
  void aCaseThatCannotBeReadFailsTheVerification() throws IOException {
    Files.writeString(folder.resolve("case.json"), "{}");
    var run = CommandRun.of("verify", "--cases", folder);
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().contains("a case has a 'library'"), run.out());
  }

  @Test
  void aCaseWithoutStepsFailsTheVerification() throws IOException {
    for (var file : new String[] {"weights.safetensors", "io.safetensors"}) {
      Files.copy(CASES.resolve("base").resolve(file), folder.resolve(file));
    }
    var description = Files.readString(CASES.resolve("base/case.json"));
    Files.writeString(
        folder.resolve("case.json"),
        description.replaceFirst("(?s)\"steps\": \\[.*\\]", "\"steps\": []"));
    var run = CommandRun.of("verify", "--cases", folder);
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(
        run.out().contains("case.json: 'steps' is empty; a case records at least one step"),
        run.out());
    CommandRun.of("export", "--case", folder, "--output", folder.resolve("m.onnx"))
        .assertRefused("'steps' is empty");
  }

  @Test
  void aDeviceAcceptsTheOptionsOfItsProvider() {
    CommandRun.of(
            "verify", "--cases", CASES, "--device", "cuda", "--device-option", "use_tf32=maybe")
        .assertRefused("CUDA option 'use_tf32' is 'maybe'; it can be 0 or 1");
  }
}
