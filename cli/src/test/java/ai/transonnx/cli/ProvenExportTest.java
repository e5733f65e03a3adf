package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.verification.report.VerificationProof;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProvenExportTest extends ExportedCases {
  private static final Path BASE = CASES.resolve("base");

  private Path model() {
    return folder.resolve("model.onnx");
  }

  private CommandRun export(Object... options) {
    var words = Stream.concat(Stream.of("export", "--case", BASE), Stream.of(options));
    return CommandRun.of(Stream.concat(words, Stream.of("--output", model())).toArray());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** A case whose recorded outputs are those of other weights. */
  private Path wrongCase() throws IOException {
    var copy = Files.createDirectory(folder.resolve("wrong"));
    for (var file : List.of("case.json", "weights.safetensors", "io.safetensors")) {
      Files.copy(BASE.resolve(file), copy.resolve(file));
    }
    var recorded = copy.resolve("io.safetensors");
    var bytes = Files.readAllBytes(recorded);
    bytes[bytes.length - 2] ^= 0x40; // the exponent of the last recorded number
    Files.write(recorded, bytes);
    return copy;
  }

  @Test
  void aFileThatPassesHasAProofBesideIt() throws IOException {
    export("--verify").assertDone();
    assertEquals(List.of("model.onnx", "model.onnx.proof.json"), files());
    var proof = VerificationProof.read(VerificationProof.beside(model()));
    assertEquals("token-shift-gpt/base", proof.cases().get(0).name());
    assertEquals("cpu", proof.runtimes().get(0).name());
  }

  @Test
  void theFileIsThatOfAnExportWithoutVerification() throws IOException {
    export().assertDone();
    var plain = Files.readAllBytes(model());
    export("--verify").assertDone();
    assertTrue(Arrays.equals(plain, Files.readAllBytes(model())));
  }

  @Test
  void externalDataAreVerifiedAndPutInPlace() throws IOException {
    export("--verify", "--external-data").assertDone();
    assertEquals(List.of("model.onnx", "model.onnx.data", "model.onnx.proof.json"), files());
    CommandRun.of("verify", model(), "--proof").assertDone();
    export("--verify").assertDone();
    assertEquals(List.of("model.onnx", "model.onnx.proof.json"), files());
  }

  @Test
  void aFileThatFailsIsNotWritten() throws IOException {
    var wrong = wrongCase();
    var run = export("--verify", wrong);
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().contains("(recorded)"), run.out());
    assertEquals(
        "transonnx: " + model() + ": not written, since it failed its verification\n", run.err());
    assertEquals(List.of("wrong"), files());
  }

  @Test
  void aFileThatFailsReplacesNothing() throws IOException {
    var wrong = wrongCase();
    Files.writeString(model(), "old");
    assertEquals(ExitCode.FAILED, export("--verify", wrong).code());
    assertEquals("old", Files.readString(model()));
    assertEquals(List.of("model.onnx", "wrong"), files());
  }

  @Test
  void withoutCasesInputsAreMade() throws IOException {
    CommandRun.of(
            "export",
            "--config",
            BASE.resolve("case.json"),
            "--weights",
            BASE.resolve("weights.safetensors"),
            "--verify",
            "--output",
            model())
        .assertDone();
    assertEquals(List.of(), VerificationProof.read(VerificationProof.beside(model())).cases());
  }

  @Test
  void casesThatDoNotFitAreRefused() throws IOException {
    export("--verify", folder.resolve("none")).assertRefused("none: no such directory");
    export("--verify", folder).assertRefused("no folder in it has a case.json");
    export("--verify", "../golden-tests/cases/x-transformers/vit")
        .assertRefused("no step has the inputs of the model");
    assertEquals(List.of(), files());
  }

  @Test
  void aProofSaysWhetherItBelongsToTheFile() throws IOException {
    export("--verify").assertDone();
    var out = CommandRun.of("verify", model(), "--proof").assertDone().out();
    assertTrue(out.contains("\ncases: token-shift-gpt/base\n"), out);
    assertTrue(out.endsWith("the proof belongs to this file\n"), out);
    assertTrue(CommandRun.of("inspect", model()).assertDone().out().contains("\nproof\n"));
    CommandRun.exported(CASES.resolve("discounted"), model());
    var run = CommandRun.of("verify", model(), "--proof");
    assertEquals(ExitCode.FAILED, run.code());
    assertTrue(run.out().contains("the proof belongs to another file"), run.out());
    var inspected = CommandRun.of("inspect", model()).assertDone().out();
    assertTrue(inspected.contains("  the proof belongs to another file"), inspected);
  }

  @Test
  void proofsThatAreMissingOrMalformedAreRefused() throws IOException {
    export().assertDone();
    CommandRun.of("verify", model(), "--proof")
        .assertRefused("there is no proof", "export the model with --verify");
    assertFalse(CommandRun.of("inspect", model()).assertDone().out().contains("proof"));
    var proof = VerificationProof.beside(model());
    for (var text : List.of("", "{}", "[1]", "{\"format\": 1, \"format\": 1}", "{\"tool\": 3}")) {
      Files.writeString(proof, text);
      CommandRun.of("verify", model(), "--proof").assertRefused("model.onnx.proof.json: ");
    }
    CommandRun.of("verify", model(), "--proof", "--on", "cpu")
        .assertRefused("--proof runs nothing; leave --on out");
  }
}
