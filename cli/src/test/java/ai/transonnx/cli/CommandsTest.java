package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Library;
import ai.transonnx.config.Json;
import ai.transonnx.registry.Architectures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
  private static final Path CASES = Path.of("../golden-tests/cases/token-shift-gpt");
  private static final Path FORMATS = Path.of("../golden-tests/formats");
  private static final Path TRAINED = Path.of("../golden-tests/trained/token-shift-gpt/bible");

  @TempDir private Path folder;

  private Path exported(Path caseFolder, String... options) {
    var output = folder.resolve("model.onnx");
    var words = new Object[5 + options.length];
    words[0] = "export";
    words[1] = "--case";
    words[2] = caseFolder;
    words[3] = "--output";
    words[4] = output;
    System.arraycopy(options, 0, words, 5, options.length);
    CommandRun.of(words).assertDone();
    return output;
  }

  @Test
  void theSameInputsGiveTheSameBytes() throws IOException {
    var first = Files.readAllBytes(exported(CASES.resolve("base")));
    assertArrayEquals(first, Files.readAllBytes(exported(CASES.resolve("base"))));
  }

  @Test
  void theUsersLanguageChangesNoByte() throws IOException {
    var cases =
        List.of(
            "token-shift-gpt/base",
            "x-transformers/palm-like",
            "FLASH-pytorch/transformer-causal",
            "block-recurrent-transformer-pytorch/base");
    for (var name : cases) {
      var one = CASES.resolveSibling(name);
      var bytes = Files.readAllBytes(exported(one));
      var guess = CommandRun.of("inspect", one.resolve("weights.safetensors")).assertDone().out();
      var own = Locale.getDefault();
      Locale.setDefault(Locale.forLanguageTag("ar-EG"));
      try {
        assertArrayEquals(bytes, Files.readAllBytes(exported(one)), name);
        var again = CommandRun.of("inspect", one.resolve("weights.safetensors")).assertDone();
        assertEquals(guess, again.out());
      } finally {
        Locale.setDefault(own);
      }
    }
  }

  @Test
  void theLibraryMayStandBesideTheConfiguration() {
    var base = CASES.resolve("base");
    var output = folder.resolve("model.onnx");
    CommandRun.of(
            "export",
            "--config",
            base.resolve("case.json"),
            "--weights",
            base.resolve("weights.safetensors"),
            "--output",
            output)
        .assertDone();
    assertTrue(Files.exists(output));
  }

  @Test
  void aModelOfHalvesGeneratesAndSaysItsType() {
    var model = exported(CASES.resolve("greedy-discounted"), "--incremental", "--dtype", "float16");
    CommandRun.of("generate", model, "--tokens", "1,2,3", "--length", "6", "--greedy").assertDone();
    var description = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(description.contains("transonnx.dtype: float16"), description);
    assertTrue(description.contains("token_emb.weight: float16 ["), description);
    assertTrue(description.contains("norm.weight: float32 ["), description);
  }

  @Test
  void casesAreVerifiedInEveryType() {
    var base = CASES.resolve("base");
    for (var type : List.of("float16", "bfloat16")) {
      CommandRun.of("verify", "--cases", base, "--dtype", type).assertDone();
    }
    CommandRun.of("verify", "--cases", base, "--dtype", "float16", "--rounded").assertDone();
    CommandRun.of("verify", "--cases", base, "--rounded")
        .assertRefused("--rounded is for --dtype float16 or bfloat16");
    CommandRun.of("verify", "--cases", base, "--dtype", "half")
        .assertRefused("there is no dtype 'half'; there are float32, float16 and bfloat16");
  }

  @Test
  void bfloat16IsRefusedOnTheProcessorInOneLine() {
    var model = exported(CASES.resolve("greedy"), "--dtype", "bfloat16");
    CommandRun.of("generate", model, "--tokens", "1", "--length", "1", "--greedy")
        .assertRefused("--device cuda");
  }

  @Test
  void tokensAreContinuedOnOneLine() {
    var model = exported(CASES.resolve("greedy"), "--incremental");
    var run =
        CommandRun.of("generate", model, "--tokens", "1,2,3", "--length", "6", "--greedy")
            .assertDone();
    assertTrue(run.out().matches("\\d+(,\\d+){5}\\R"), run.out());
  }

  @Test
  void textIsContinued() {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var run =
        CommandRun.of("generate", model, "--prompt", "And the LORD", "--length", "20", "--greedy")
            .assertDone();
    assertTrue(run.out().startsWith("And the LORD "), run.out());
    assertEquals(12 + 20 + 1, run.out().length());
  }

  @Test
  void aPromptIsNoFileOfArguments() throws IOException {
    var model = exported(TRAINED, "--outputs", "logits", "--incremental");
    var file = Files.writeString(folder.resolve("arguments"), "And the LORD");
    var run =
        CommandRun.of("generate", model, "--prompt", "@" + file, "--length", "1", "--greedy")
            .assertDone();
    assertTrue(run.out().startsWith("@" + file), run.out());
  }

  @Test
  void aSeedDrawsTheSameTokensAgain() {
    var model = exported(CASES.resolve("base"), "--incremental");
    var first = sampled(model, 7);
    assertEquals(first, sampled(model, 7));
    assertNotEquals(first, sampled(model, 8));
  }

  private static String sampled(Path model, int seed) {
    return CommandRun.of(
            "generate", model, "--tokens", "1", "--length", "20", "--top-p", "0.1", "--seed", seed)
        .assertDone()
        .out();
  }

  @Test
  void greedyAndSamplingDoNotGoTogether() {
    var model = exported(CASES.resolve("base"));
    CommandRun.of(
            "generate", model, "--tokens", "1", "--length", "1", "--greedy", "--temperature", "2")
        .assertRefused("--greedy draws nothing");
  }

  @Test
  void aLargeVocabularyTakesNoText() throws IOException {
    var config = folder.resolve("config.json");
    Files.writeString(
        config,
        """
        {"class": "TokenShiftGPT", "num_tokens": 257, "dim": 8, "max_seq_len": 16, "depth": 1}
        """);
    var weights = folder.resolve("weights.safetensors");
    var output = folder.resolve("large.onnx");
    ZeroWeights.write(Architectures.of(Library.TOKEN_SHIFT_GPT, Json.read(config)), weights);
    CommandRun.of(
            "export",
            "--library=token-shift-gpt",
            "--config=" + config,
            "--weights=" + weights,
            "--output=" + output,
            "--incremental")
        .assertDone();
    CommandRun.of("generate", output, "--prompt", "hi", "--length", "1")
        .assertRefused("large.onnx: its 257 tokens are not bytes; give the prompt with --tokens");
    CommandRun.of("generate", output, "--tokens", "256", "--length", "1").assertDone();
  }

  @Test
  void aCharacterBeyondTheVocabularyIsRefused() {
    var model = exported(CASES.resolve("base"));
    CommandRun.of("generate", model, "--prompt", "hi", "--length", "1")
        .assertRefused("'h'", "this model's end at 23");
  }

  @Test
  void casesThatAgreeAreReported() {
    var run = CommandRun.of("verify", "--cases", CASES.resolve("base")).assertDone();
    assertTrue(run.out().startsWith("ok    token-shift-gpt/base: 6 checks"), run.out());
    assertTrue(run.out().endsWith("1 of 1 cases agree, in 6 checks\n"), run.out());
  }

  @Test
  void aDeviceThatIsNotThereIsNamed() {
    var model = exported(CASES.resolve("base"));
    String missing = "device 'rocm' is not available: this build of ONNX Runtime";
    CommandRun.of("generate", model, "--tokens", "1", "--length", "1", "--device", "rocm")
        .assertRefused(missing);
    CommandRun.of("verify", "--cases", CASES.resolve("base"), "--device", "rocm")
        .assertRefused(missing);
    CommandRun.of("verify", "--cases", CASES.resolve("base"), "--device", "gpu")
        .assertRefused("there is no device 'gpu'; there are cpu, cuda, auto");
  }

  @Test
  void aDeviceTakesTheOptionsOfItsProvider() {
    CommandRun.of(
            "verify", "--cases", CASES, "--device", "cuda", "--device-option", "use_tf32=maybe")
        .assertRefused("CUDA option 'use_tf32' is 'maybe'; it can be 0 or 1");
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
  void aModelIsInspected() {
    var model = exported(CASES.resolve("discounted"), "--incremental");
    var out = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(out.contains("  tokens: int64 [batch, length]"), out);
    assertTrue(out.contains("  past_sum_0: float32 [batch, 1, 32]"), out);
    assertTrue(out.contains("net.1.fn.to_gate.weight: float32 [32, 32], 4096 bytes"), out);
    assertTrue(out.contains("ai.transonnx.DiscountedCumulativeSum(x, past) -> (y)"), out);
  }

  private CommandRun exportedFrom(String weights, String... options) {
    var words = new ArrayList<Object>(List.of("export", "--config"));
    words.add(Path.of("../golden-tests/cases/x-transformers/palm-like/case.json"));
    words.addAll(List.of("--weights", FORMATS.resolve(weights)));
    words.addAll(List.of("--output", folder.resolve("model.onnx")));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void everyFormatOfWeightsIsExported() {
    for (var weights : new String[] {"zip.pt", "legacy.pt", "checkpoint.pt", "deflated.npz"}) {
      exportedFrom(weights).assertDone();
    }
    exportedFrom("sharded.safetensors.index.json").assertDone();
    exportedFrom("checkpoint.pt", "--weights-key", "model").assertDone();
  }

  @Test
  void aPrefixThatIsLeftOffIsReported() {
    var run = exportedFrom("wrapped.pt");
    assertEquals(ExitCode.DONE, run.code());
    assertEquals(
        "transonnx: note: took the tensors whose names begin with 'net.', as a wrapper's do\n",
        run.err());
  }

  @Test
  void aKeyThatIsNotThereIsRefused() {
    exportedFrom("checkpoint.pt", "--weights-key", "teacher")
        .assertRefused("checkpoint.pt", "it has no state dict under the key 'teacher'");
    exportedFrom("plain.npz", "--weights-key", "model")
        .assertRefused("plain.npz: a key is given, 'model', but this format has none");
  }

  @Test
  void weightsAreGuessedAtTheirInspection() {
    var out = CommandRun.of("inspect", FORMATS.resolve("parallel.pt")).assertDone().out();
    assertTrue(out.contains("parallel.pt: PyTorch zip, 22 tensors, 68.5 kB"), out);
    assertTrue(out.contains("looks like TransformerWrapper of x-transformers"), out);
    assertTrue(out.contains("\"num_tokens\":24"), out);
    assertTrue(out.contains("not known: attn_layers.class: Encoder and Decoder"), out);
  }

  @Test
  void weightsAreInspected() {
    var out = CommandRun.of("inspect", TRAINED.resolve("weights.safetensors")).assertDone().out();
    assertTrue(out.contains("safetensors, 46 tensors"), out);
    assertTrue(out.contains("token_emb.weight: float16 [128, 128], 32.8 kB"), out);
  }

  @Test
  void theDemonstrationReportsTheRecordedBits() {
    var out = CommandRun.of("demo").assertDone().out();
    assertTrue(out.contains("1.7133 bits per character (recorded: 1.7133)"), out);
    assertTrue(out.contains("Greedy: And the LORD said unto "), out);
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
    assertEquals(ExitCode.INPUT, run.code());
    assertTrue(run.err().startsWith("Usage: transonnx"), run.err());
  }
}
