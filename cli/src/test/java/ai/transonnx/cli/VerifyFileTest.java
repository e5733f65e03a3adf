package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.report.ReportJson;
import ai.transonnx.verification.runner.Runners;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class VerifyFileTest extends ExportedCases {
  /** ONNX Runtime for the CPU has no such device. */
  private static final String MISSING = "rocm";

  private Path model = Path.of("");

  @BeforeEach
  void export() {
    model = exported(CASES.resolve("base"));
  }

  private CommandRun verify(Object... options) {
    var words = new ArrayList<Object>(List.of("verify", model));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void aFileIsVerifiedOnTheCpuByDefault() {
    var out = verify().assertDone().out();
    assertTrue(out.contains("model.onnx: token-shift-gpt TokenShiftGPT, "), out);
    assertTrue(out.contains("\n  cpu       passed   at most "), out);
    assertTrue(out.endsWith("passed on 1 of 1 runtimes\n"), out);
  }

  @Test
  void everyLevelIsARuntime() {
    var out = verify("--on", "cpu:*,cpu:threads=1").assertDone().out();
    for (var name : List.of("cpu:none", "cpu:basic", "cpu:extended", "cpu:all", "cpu:threads=1")) {
      assertTrue(out.contains("\n  " + name + " "), out);
    }
  }

  @Test
  void recordedOutputsOfACaseAreCompared() {
    var json = folder.resolve("report.json");
    verify("--case", CASES.resolve("base"), "--json", json).assertDone();
    var call = ReportJson.read(json).runners().get(0).calls().get(0);
    assertEquals("case step 0", call.call());
    assertTrue(call.tensors().stream().anyMatch(t -> t.name().equals("logits (recorded)")));
  }

  @Test
  void inputsAreReadFromAFile() {
    var file = CASES.resolve("base/io.safetensors");
    verify("--inputs", file)
        .assertRefused("io.safetensors: has a tensor '0/in/tokens', but the model takes [tokens");
    verify("--inputs", folder.resolve("none.npz")).assertRefused("none.npz", "no such file");
    verify("--inputs", model).assertRefused("model.onnx");
  }

  @Test
  void aMissingRuntimeIsNoFailureUnlessItIsRequired() {
    var run = verify("--on", "cpu," + MISSING).assertDone();
    assertTrue(run.out().contains("\n  rocm      missing  "), run.out());
    assertTrue(run.out().contains("; install it with: "), run.out());
    assertTrue(run.out().endsWith("passed on 1 of 2 runtimes, 1 missing\n"), run.out());
    var required = verify("--on", "cpu," + MISSING, "--require");
    assertEquals(ExitCode.FAILED, required.code());
    assertTrue(required.out().contains("\n  rocm      FAILED   "), required.out());
  }

  @Test
  void aRuntimeThatFailsIsReported() {
    var run = verify("--on", "exec:cat /dev/null");
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().contains("exec:cat /dev/null FAILED   "), run.out());
    assertTrue(run.out().endsWith("FAILED: passed on 0 of 1 runtimes\n"), run.out());
  }

  @Test
  void reportsAreWritten() throws IOException {
    var json = folder.resolve("report.json");
    var junit = folder.resolve("report.xml");
    verify("--json", json, "--junit", junit, "--seed", 7).assertDone();
    var report = ReportJson.read(json);
    assertTrue(report.passed());
    assertEquals(7, report.seed());
    assertEquals(
        "transonnx verify %s --json %s --junit %s --seed 7".formatted(model, json, junit),
        report.run().command());
    assertTrue(Files.readString(junit).contains("<testsuite"), "a suite for each runtime");
  }

  @Test
  void theReportIsAPage() throws IOException {
    var page = folder.resolve("report.html");
    verify("--report", page).assertDone();
    var html = Files.readString(page);
    assertTrue(html.startsWith("<!DOCTYPE html>") && html.contains("TokenShiftGPT"), html);
  }

  @Test
  void changesSinceABaselineAreReported() {
    var old = folder.resolve("old.json");
    verify("--json", old).assertDone();
    var out = verify("--baseline", old, "--seed", 3).assertDone().out();
    assertTrue(out.contains("\ncompared with the report of "), out);
    assertTrue(out.contains("\n  seed"), out);
    verify("--baseline", model).assertRefused("model.onnx");
    verify("--baseline", folder.resolve("none.json")).assertRefused("none.json: no such file");
  }

  @Test
  void outputsAreCheckedBeforeAnythingRuns() {
    verify("--json", folder.resolve("no/report.json"))
        .assertRefused("report.json: the report cannot be written: there is no directory");
    verify("--junit", model).assertRefused("the report cannot be written: this is the model");
    verify("--json", folder).assertRefused("this is a directory");
  }

  @Test
  void optionsThatDoNotBelongTogetherAreRefused() {
    CommandRun.of("verify").assertRefused("specify MODEL.onnx, or --cases DIR");
    verify("--cases", CASES).assertRefused("both", "model.onnx and --cases are specified");
    verify("--dtype", "float16").assertRefused("--dtype is for --cases");
    verify("--rounded").assertRefused("--rounded is for --cases");
    verify("--device", "cuda").assertRefused("--device is for --cases");
    verify("--case", CASES.resolve("base"), "--inputs", "inputs.npz")
        .assertRefused("inputs are given by inputs.npz and by the case");
    CommandRun.of("verify", "--cases", CASES, "--on", "cpu")
        .assertRefused("--on is for a file, MODEL.onnx");
    CommandRun.of("verify", "--cases", CASES, "--junit", "report.xml")
        .assertRefused("--junit is for a file, MODEL.onnx");
  }

  @Test
  void weightsOfTheCheckpointAreCompared() {
    var weights = CASES.resolve("base/weights.safetensors");
    var out = verify("--weights", weights).assertDone().out();
    assertTrue(out.contains("\n  structure passed   TokenShiftGPT of token-shift-gpt "), out);
    assertTrue(out.contains("base/weights.safetensors: "), out);
    var run = verify("--weights", CASES.resolve("greedy/weights.safetensors"));
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().contains("\n  structure FAILED   "), run.out());
    assertTrue(run.out().contains("\nThe structure differs first in "), run.out());
    assertTrue(run.out().endsWith("FAILED: not its class; passed on 1 of 1 runtimes\n"), run.out());
    verify("--weights", folder.resolve("none.pt")).assertRefused("none.pt", "no such file");
    verify("--weights", "../golden-tests/cases/x-transformers/vit/weights.safetensors")
        .assertRefused("weights.safetensors");
  }

  @Test
  void sizesAndFoldersAreCheckedBeforeAnythingRuns() throws IOException {
    verify("--memory", "1G", "--reproduce", folder.resolve("new")).assertDone();
    assertFalse(Files.exists(folder.resolve("new")), "nothing failed");
    for (var size : List.of("much", "1", "-1G", "9999999999G", "1T")) {
      verify("--memory", size).assertRefused("is not a size such as 512M or 2G");
    }
    verify("--memory", "0M").assertRefused("a memory of 0 bytes is not positive");
    verify("--reproduce", folder).assertRefused("this folder is not empty");
    verify("--reproduce", model).assertRefused("model.onnx: no such directory");
    verify("--reproduce", model.resolve("new"))
        .assertRefused("model.onnx is not a folder that this program may write to");
  }

  @Test
  void anUnknownRuntimeIsNamed() {
    verify("--on", "cpuu").assertRefused("there is no runtime 'cpuu'; did you mean 'cpu'?");
    verify("--on", "").assertRefused("runtime");
    verify("--on", "cpu:threads=0").assertRefused("threads");
  }

  @Test
  void helpNamesEveryRuntime() {
    var help = CommandRun.of("help", "verify").assertDone().out();
    var names = help.replaceAll("\\s+", " ");
    for (var form : Runners.forms()) {
      var name = form.replaceAll("[\\[:].*", "");
      boolean isDevice = Runners.forms().contains(name + "[:DEVICE][:LEVEL][:threads=N]");
      assertTrue(isDevice || names.contains(name), () -> form + " is not in " + help);
    }
    assertFalse(help.contains("null"), help);
  }

  @Test
  void invalidModelsAreRefused() throws IOException {
    var bytes = Files.readAllBytes(model);
    Files.write(model, Arrays.copyOf(bytes, bytes.length / 2));
    verify().assertRefused("model.onnx");
    Files.writeString(model, "not a model");
    verify().assertRefused("model.onnx");
    Files.delete(model);
    verify().assertRefused("model.onnx: no such file");
    CommandRun.of("verify", "/dev/zero")
        .assertRefused("/dev/zero: this is a pipe or a device; a file is needed");
    CommandRun.of("verify", "n".repeat(10_000)).assertRefused("nnn...nnn", ": no such ");
    CommandRun.of("verify", folder).assertRefused("a directory");
  }

  @Test
  void aCaseOfAnotherModelIsRefused() {
    verify("--case", Path.of("../golden-tests/cases/x-transformers/vit"))
        .assertRefused("no step has the inputs of the model: [tokens int64[batch, length]]");
    verify("--case", folder).assertRefused("case.json");
  }
}
