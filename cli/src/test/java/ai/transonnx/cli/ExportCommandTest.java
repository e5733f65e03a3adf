package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class ExportCommandTest extends ExportedCases {
  @Test
  void theSameInputsGiveTheSameBytes() throws IOException {
    var first = Files.readAllBytes(exported(CASES.resolve("base")));
    assertArrayEquals(first, Files.readAllBytes(exported(CASES.resolve("base"))));
  }

  @Test
  void theLocaleChangesNoByte() throws IOException {
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
  void theLibraryMayBeNextToTheConfiguration() {
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

  private CommandRun exportedFrom(String weights, String... options) {
    var words = new ArrayList<Object>(List.of("export", "--config"));
    words.add(Path.of("../golden-tests/cases/x-transformers/palm-like/case.json"));
    words.addAll(List.of("--weights", FORMATS.resolve(weights)));
    words.addAll(List.of("--output", folder.resolve("model.onnx")));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void quantizedModelsAreSmallerAndGenerate() throws IOException {
    var plain = exportedFrom("zip.pt", "--incremental").assertDone();
    long size = Files.size(folder.resolve("model.onnx"));
    for (var target : new String[] {"portable", "onnxruntime"}) {
      for (var type : new String[] {"int4", "int8"}) {
        exportedFrom(
                "zip.pt",
                "--incremental",
                "--target",
                target,
                "--quantize",
                type,
                "--quantize-block",
                "16",
                "--quantize-keep",
                "token_emb,attn_layers.layers.0")
            .assertDone();
        var model = folder.resolve("model.onnx");
        assertTrue(Files.size(model) < size, plain.out());
        var description = CommandRun.of("inspect", model).assertDone().out();
        assertTrue(description.contains("transonnx.quantization: " + type + " 16"), description);
        assertTrue(description.contains("token_emb.emb.weight: float32"), description);
        CommandRun.of("generate", model, "--tokens", "1,2", "--length", "3", "--greedy")
            .assertDone();
      }
    }
  }

  @Test
  void quantizedModelsMayHaveZeroPoints() {
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "16", "--quantize-zero-points")
        .assertDone();
    var description = CommandRun.of("inspect", folder.resolve("model.onnx")).assertDone().out();
    assertTrue(description.contains("transonnx.quantization: int4 16 zero_points"), description);
    assertTrue(description.contains("token_emb.emb.weight/table.zero_points: int8"), description);
  }

  @Test
  void quantizedModelsCanBeCalibrated() throws IOException {
    var tokens = Files.writeString(folder.resolve("tokens.txt"), "1,2,3,4,5,6\n7 8 9\n");
    exportedFrom(
            "zip.pt",
            "--incremental",
            "--quantize",
            "int4",
            "--quantize-block",
            "16",
            "--calibrate-tokens",
            tokens.toString(),
            "--verify")
        .assertDone();
    var model = folder.resolve("model.onnx");
    var description = CommandRun.of("inspect", model).assertDone().out();
    assertTrue(description.contains("transonnx.quantization: int4 16 calibrated"), description);
    CommandRun.of("generate", model, "--tokens", "1,2", "--length", "3", "--greedy").assertDone();
  }

  @Test
  void invalidCalibrationsAreRefused() throws IOException {
    var text = Files.writeString(folder.resolve("text.txt"), "text").toString();
    var tokens = Files.writeString(folder.resolve("tokens.txt"), "1,2,999\n").toString();
    exportedFrom("zip.pt", "--calibrate", text).assertRefused("need --quantize int4 or int8");
    var int4 = List.of("--quantize", "int4", "--quantize-block", "16");
    refused(int4, "exclude each other", "--calibrate", text, "--calibrate-tokens", tokens);
    refused(int4, "token 999", "--calibrate-tokens", tokens);
    refused(int4, "the vocabulary ends at", "--calibrate", text);
    refused(int4, "missing.txt", "--calibrate", folder.resolve("missing.txt").toString());
    assertTrue(Files.notExists(folder.resolve("model.onnx")));
  }

  private void refused(List<String> options, String message, String... others) {
    var all = new ArrayList<>(options);
    all.addAll(List.of(others));
    exportedFrom("zip.pt", all.toArray(String[]::new)).assertRefused(message);
  }

  @Test
  void quantizedExportsGiveTheSameBytes() throws IOException {
    var model = folder.resolve("model.onnx");
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "16").assertDone();
    var first = Files.readAllBytes(model);
    exportedFrom("checkpoint.pt", "--quantize", "int4", "--quantize-block", "16").assertDone();
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "16").assertDone();
    assertArrayEquals(first, Files.readAllBytes(model));
  }

  @Test
  void invalidQuantizationsAreRefused() {
    exportedFrom("zip.pt", "--quantize", "int3").assertRefused("'int3'", "int4 or int8");
    exportedFrom("zip.pt", "--quantize-block", "16").assertRefused("need --quantize int4 or int8");
    exportedFrom("zip.pt", "--quantize-zero-points").assertRefused("need --quantize int4 or int8");
    exportedFrom("zip.pt", "--quantize-keep", "x").assertRefused("need --quantize int4 or int8");
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "33")
        .assertRefused("a block of 33 weights");
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "-16")
        .assertRefused("a block of -16 weights");
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-block", "256")
        .assertRefused("no matrix can be quantized");
    exportedFrom("zip.pt", "--quantize", "int4", "--dtype", "float16")
        .assertRefused("dtype float16 does not apply");
    exportedFrom("zip.pt", "--quantize", "int4", "--opset", "20").assertRefused("opset 21");
    exportedFrom("zip.pt", "--quantize", "int4", "--quantize-accuracy", "1")
        .assertRefused("needs --target onnxruntime");
    exportedFrom(
            "zip.pt", "--quantize", "int4", "--target", "onnxruntime", "--quantize-accuracy", "5")
        .assertRefused("accuracy level 5");
    exportedFrom(
            "zip.pt", "--quantize", "int4", "--quantize-block", "16", "--quantize-keep", "to_logit")
        .assertRefused("'to_logit' matches none", "token_emb.emb.weight");
    assertTrue(Files.notExists(folder.resolve("model.onnx")));
  }

  @Test
  void everyWeightFormatIsExported() {
    for (var weights : new String[] {"zip.pt", "legacy.pt", "checkpoint.pt", "deflated.npz"}) {
      exportedFrom(weights).assertDone();
    }
    exportedFrom("sharded.safetensors.index.json").assertDone();
    exportedFrom("checkpoint.pt", "--weights-key", "model").assertDone();
  }

  @Test
  void aFlippedByteIsFoundByTheChecksum() throws IOException {
    exportedFrom("zip.pt", "--verify-checksums").assertDone();
    var damaged = folder.resolve("damaged.pt");
    var bytes = Files.readAllBytes(FORMATS.resolve("zip.pt"));
    bytes[bytes.length / 2] ^= 1;
    Files.write(damaged, bytes);
    exportedFrom(damaged.toAbsolutePath().toString(), "--verify-checksums")
        .assertRefused("damaged.pt: entry 'zip/data/", "its checksum does not match");
    exportedFrom("legacy.pt", "--verify-checksums")
        .assertRefused("legacy.pt: checksums of the format PyTorch legacy are not supported");
  }

  @Test
  void aRemovedPrefixIsReported() {
    var run = exportedFrom("wrapped.pt");
    assertEquals(ExitCode.SUCCESS, run.code());
    assertEquals(
        "transonnx: note: used the tensors whose names start with 'net.', the prefix of a"
            + " wrapper\n",
        run.err());
  }

  @Test
  void aMissingKeyIsRejected() {
    exportedFrom("checkpoint.pt", "--weights-key", "teacher")
        .assertRefused("checkpoint.pt", "it has no state dict under the key 'teacher'");
    exportedFrom("plain.npz", "--weights-key", "model")
        .assertRefused("plain.npz: the key 'model' is specified, but this format has no keys");
  }

  @Test
  void aCacheOfAnotherTypeNeedsACache() {
    exportedFrom("zip.pt", "--cache-dtype", "int3").assertRefused("'int3'", "expected float16");
    exportedFrom("zip.pt", "--cache-dtype", "float16").assertRefused("it is not incremental");
    var output = folder.resolve("model.onnx");
    CommandRun.of(
            "export",
            "--case",
            CASES.resolve("base"),
            "--incremental",
            "--cache-dtype",
            "float16",
            "--output",
            output)
        .assertRefused("keeps no keys and values from call to call");
    exportedFrom("zip.pt", "--cache-dtype", "float16", "--dtype", "float16")
        .assertRefused("a model of dtype float16 has a cache of float16");
  }

  @Test
  void inspectPrintsTheTypeOfTheCache() {
    var output = folder.resolve("model.onnx");
    var decoder = CASES.resolveSibling("x-transformers/decoder");
    CommandRun.of(
            "export",
            "--case",
            decoder,
            "--step",
            0,
            "--incremental",
            "--cache-dtype",
            "float16",
            "--output",
            output)
        .assertDone();
    var printed = CommandRun.of("inspect", output).assertDone().out();
    assertTrue(printed.contains("past_keys_0"), printed);
    assertTrue(printed.contains("float16"), printed);
  }
}
