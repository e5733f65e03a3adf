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
}
