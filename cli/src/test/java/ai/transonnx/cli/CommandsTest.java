package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

class CommandsTest extends ExportedCases {
  @Test
  void noDefaultIsPrintedAsNull() {
    for (var name : new String[] {"export", "generate", "verify", "inspect", "doctor", "demo"}) {
      var help = CommandRun.of("help", name).assertDone().out();
      assertFalse(help.contains("null"), help);
    }
  }

  @Test
  void aFloat16ModelGeneratesAndReportsItsType() {
    var model = exported(CASES.resolve("greedy-discounted"), "--incremental", "--dtype", "float16");
    CommandRun.of("generate", model, "--tokens", "1,2,3", "--length", "6", "--greedy").assertDone();
    var description = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(description.contains("transonnx.dtype: float16"), description);
    assertTrue(description.contains("token_emb.weight: float16 ["), description);
    assertTrue(description.contains("norm.weight: float32 ["), description);
  }

  @Test
  void aFloat64ModelGeneratesAndEverythingInItIsFloat64() {
    var model = exported(CASES.resolve("greedy-discounted"), "--incremental", "--dtype", "float64");
    CommandRun.of("generate", model, "--tokens", "1,2,3", "--length", "6", "--seed", "1")
        .assertDone();
    var description = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(description.contains("transonnx.dtype: float64"), description);
    assertTrue(description.contains("norm.weight: float64 ["), description);
    assertTrue(description.contains("past_sum_0: float64 ["), description);
    assertTrue(description.contains("logits: float64 ["), description);
    assertFalse(description.contains("float32"), description);
  }

  @Test
  void bfloat16IsRejectedOnTheCpuInOneLine() {
    var model = exported(CASES.resolve("greedy"), "--dtype", "bfloat16");
    CommandRun.of("generate", model, "--tokens", "1", "--length", "1", "--greedy")
        .assertRefused("--device cuda");
  }

  @Test
  void aMissingDeviceIsNamed() {
    var model = exported(CASES.resolve("base"));
    String missing = "device 'rocm' is not available: this build of ONNX Runtime";
    CommandRun.of("generate", model, "--tokens", "1", "--length", "1", "--device", "rocm")
        .assertRefused(missing);
    CommandRun.of("verify", "--cases", CASES.resolve("base"), "--device", "rocm")
        .assertRefused(missing);
    CommandRun.of("verify", "--cases", CASES.resolve("base"), "--device", "gpu")
        .assertRefused("there is no device 'gpu'; possible are cpu, cuda, auto");
  }

  @Test
  void aModelIsInspected() {
    var model = exported(CASES.resolve("discounted"), "--incremental");
    var out = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(out.contains("  tokens: int64 [batch, length]"), out);
    assertTrue(out.contains("  past_sum_0: float32 [batch, 1, 32]"), out);
    assertTrue(out.contains("net.1.fn.to_gate.weight: float32 [32, 32], 4096 bytes"), out);
    assertTrue(out.contains("ai.transonnx.DiscountedCumulativeSum(x, past) -> (y)"), out);
  }

  @Test
  void aConfigurationIsGuessedFromWeights() {
    var out = CommandRun.of("inspect", FORMATS.resolve("parallel.pt")).assertDone().out();
    assertTrue(out.contains("parallel.pt: PyTorch zip, 22 tensors, 68.5 kB"), out);
    assertTrue(out.contains("looks like TransformerWrapper of x-transformers"), out);
    assertTrue(out.contains("\"num_tokens\":24"), out);
    assertTrue(out.lines().anyMatch("  attn_layers.class: required"::equals), out);
    assertTrue(out.contains("  attn_layers.custom_layers: the order is afaf"), out);
  }

  @Test
  void otherValuesOfACheckpointAreListed() {
    var out = CommandRun.of("inspect", FORMATS.resolve("checkpoint.pt")).assertDone().out();
    assertTrue(out.contains("  optimizer: a dictionary of 2: lr=0.001, state=a list"), out);
  }

  @Test
  void aGuessedConfigurationExports() throws IOException {
    var weights = TRAINED.resolve("weights.safetensors");
    var out = CommandRun.of("inspect", weights).assertDone().out();
    var config = folder.resolve("guess.json");
    Files.writeString(
        config, out.lines().filter(line -> line.startsWith("  {")).findFirst().orElseThrow());
    CommandRun.of(
            "export",
            "--config",
            config,
            "--weights",
            weights,
            "--output",
            folder.resolve("m.onnx"))
        .assertDone();
  }

  @Test
  void weightsAreInspected() {
    var out = CommandRun.of("inspect", TRAINED.resolve("weights.safetensors")).assertDone().out();
    assertTrue(out.contains("safetensors, 46 tensors"), out);
    assertTrue(out.contains("token_emb.weight: float16 [128, 128], 32.8 kB"), out);
  }

  @Test
  void theDemoReportsTheRecordedBits() {
    var run = CommandRun.of("demo");
    assertEquals(ExitCode.SUCCESS, run.code(), run.err());
    assertTrue(run.err().startsWith("transonnx: note: exporting the model"), run.err());
    var out = run.out();
    assertTrue(out.contains("1.5 MB of weights in float16 to an ONNX file of 2.9 MB"), out);
    assertTrue(out.contains("1.7133 bits per character (recorded: 1.7133)"), out);
    assertTrue(out.contains("Greedy: And the LORD said unto "), out);
  }

  @Test
  void theVersionHasThatOfOnnxRuntime() {
    var lines = CommandRun.of("--version").assertDone().out().lines().toList();
    assertTrue(lines.get(0).startsWith("transonnx "), lines.toString());
    assertTrue(lines.get(1).matches("ONNX Runtime \\d+\\.\\d+\\.\\d+"), lines.toString());
    assertTrue(lines.get(2).startsWith("Java "), lines.toString());
  }

  @Test
  void aMisspeltCommandIsNamed() {
    CommandRun.of("exprt").assertRefused("exprt", "did you mean", "export");
  }

  @Test
  void helpIsPrinted() {
    for (var command : new String[] {"export", "generate", "verify", "inspect", "doctor", "demo"}) {
      assertTrue(CommandRun.of("help", command).assertDone().out().startsWith("Usage: "));
    }
  }

  @Test
  void noCommandPrintsTheUsage() {
    var run = CommandRun.of();
    assertEquals(ExitCode.INVALID_INPUT, run.code());
    assertTrue(run.err().startsWith("Usage: transonnx"), run.err());
  }
}
