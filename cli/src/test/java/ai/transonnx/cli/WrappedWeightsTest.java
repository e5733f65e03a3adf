package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.export.Weights;
import ai.transonnx.export.internal.weights.TestWeights;
import ai.transonnx.export.weights.WeightTensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Weights whose names wrappers and savers have changed. */
class WrappedWeightsTest extends ExportedCases {
  private static final Path DECODER = CASES.resolveSibling("x-transformers/decoder");
  private static final Path TIED = CASES.resolveSibling("x-transformers/encoder-decoder-tied");
  private static final Path FLASH = CASES.resolveSibling("FLASH-pytorch/transformer-causal");

  private final TestWeights weights = new TestWeights();

  /** Adds the tensors of a case with other names, without those whose name becomes empty. */
  private void add(Path golden, UnaryOperator<String> rename) {
    try (var file = Weights.open(golden.resolve("weights.safetensors"))) {
      file.tensors().values().forEach(tensor -> add(rename.apply(tensor.name()), tensor));
    }
  }

  private void add(String name, WeightTensor tensor) {
    if (!name.isEmpty()) {
      var bytes = new byte[(int) tensor.byteCount()];
      tensor.content().slice(0, bytes.length).get(bytes);
      weights.add(name, tensor.elements(), tensor.shape(), bytes);
    }
  }

  private Path file() {
    return weights.write(folder.resolve("w.safetensors"));
  }

  private CommandRun export(Path golden, Path file, String... options) {
    var words =
        new Object[] {
          "export",
          "--config",
          golden.resolve("case.json"),
          "--weights",
          file,
          "--external-data",
          "--output",
          folder.resolve("m.onnx")
        };
    var all = Arrays.copyOf(words, words.length + options.length);
    System.arraycopy(options, 0, all, words.length, options.length);
    return CommandRun.of(all);
  }

  /** Asserts that an export has the parameters of the case, and returns its notes. */
  private String assertSame(Path golden, String... options) throws IOException {
    var run = export(golden, file(), options);
    assertEquals(ExitCode.SUCCESS, run.code(), run.err());
    var parameters = Files.readAllBytes(folder.resolve("m.onnx.data"));
    export(golden, golden.resolve("weights.safetensors")).assertDone();
    assertArrayEquals(Files.readAllBytes(folder.resolve("m.onnx.data")), parameters);
    return run.err();
  }

  @Test
  void aPrefixAndItsSiblingsAreReported() throws IOException {
    add(DECODER, name -> "generator.model.net." + name);
    weights.addCounting("head.weight", 3);
    assertEquals(
        "transonnx: note: used the tensors whose names start with 'generator.model.net.', the"
            + " prefix of a wrapper; skipped 'head.weight'\n",
        assertSame(DECODER));
  }

  @Test
  void wrappersOfSubmodulesAreReported() throws IOException {
    add(
        DECODER,
        name ->
            name.replace("layers.0.1.", "layers.0.1.module.").replace("emb.", "emb._orig_mod."));
    assertEquals(
        "transonnx: note: removed '_orig_mod', 'module' from within names, the names of wrappers\n",
        assertSame(DECODER));
  }

  @Test
  void anAverageAndTheModelInTrainingAreNotConfused() throws IOException {
    add(DECODER, name -> "ema_model.net." + name);
    for (var name : List.of("norm.weight", "norm.bias")) {
      weights.addCounting("step." + name, 1);
    }
    add(DECODER, name -> "online_model.net." + name);
    export(DECODER, file())
        .assertRefused(
            "2 sets of tensors fit",
            "--weights-prefix ema_model.net., or --weights-prefix online_model.net.");
    assertTrue(assertSame(DECODER, "--weights-prefix", "ema_model").contains("'ema_model.net.'"));
    export(DECODER, file(), "--weights-prefix", "ema")
        .assertRefused("no tensor of the model has the prefix 'ema.'; these fit:");
    var inspected = CommandRun.of("inspect", file()).assertDone().out();
    assertTrue(
        inspected.contains(
            "  --weights-prefix ema_model.net.: TransformerWrapper of x-transformers"),
        inspected);
    assertTrue(inspected.contains("  --weights-prefix online_model.net.: TransformerWrapper"));
  }

  @Test
  void oneOfTwoTiedEmbeddingsIsEnough() throws IOException {
    add(TIED, name -> name.equals("encoder.token_emb.emb.weight") ? "" : name);
    assertEquals("", assertSame(TIED));
  }

  @Test
  void theFrequenciesOfAnyLayerAreEnough() throws IOException {
    add(FLASH, name -> name.equals("layers.0.rotary_pos_emb.freqs") ? "" : "net." + name);
    assertTrue(assertSame(FLASH).contains("'net.'"));
  }

  @Test
  void aConfigurationWithoutAClassNamesThoseThatFit() throws IOException {
    var config = folder.resolve("c.json");
    Files.writeString(config, "{\"num_tokens\": 9, \"dim\": 8, \"max_seq_len\": 4, \"depth\": 1}");
    CommandRun.of(
            "export",
            "--config",
            config,
            "--weights",
            DECODER.resolve("weights.safetensors"),
            "--output",
            folder.resolve("m.onnx"))
        .assertRefused("c.json: has no 'library'", "its keys fit TokenShiftGPT of token-shift-gpt");
  }
}
