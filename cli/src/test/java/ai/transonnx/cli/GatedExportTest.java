package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GatedExportTest extends ExportedCases {
  private Path model() {
    return folder.resolve("model.onnx");
  }

  private CommandRun export(Object... options) {
    var words =
        Stream.concat(Stream.of("export", "--case", TRAINED, "--step", 1), Stream.of(options));
    return CommandRun.of(Stream.concat(words, Stream.of("--output", model())).toArray());
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void aFileThatHoldsItsGateIsThatOfAnExportWithoutGate() throws IOException {
    export("--quantize", "int8").assertDone();
    var plain = Files.readAllBytes(model());
    export("--quantize", "int8", "--gate", "kld=0.01,top1=0.9")
        .assertDoneWithNote("note: the quality gate holds: mean divergence ", "limit 0.01 holds");
    assertArrayEquals(plain, Files.readAllBytes(model()));
    assertEquals(List.of("model.onnx"), files());
  }

  @Test
  void aFileThatFailsItsGateIsNotWritten() throws IOException {
    var run = export("--quantize", "int4", "--gate", "kld=1e-9,top1=0.1");
    assertEquals(ExitCode.FAILED, run.code());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(
        run.err()
            .startsWith(
                "transonnx: "
                    + model()
                    + ": not written, since it failed its quality gate: mean divergence "),
        run.err());
    assertEquals(List.of(), files());
  }

  @Test
  void aFileThatFailsItsGateReplacesNothing() throws IOException {
    Files.writeString(model(), "old");
    assertEquals(ExitCode.FAILED, export("--quantize", "int4", "--gate", "kld=0").code());
    assertEquals("old", Files.readString(model()));
    assertEquals(List.of("model.onnx"), files());
  }

  @Test
  void anIncrementalFileWithTheLastLogitsHasAGate() throws IOException {
    var text = Files.writeString(folder.resolve("text"), "In the beginning God created the heaven");
    export(
            "--quantize=int8",
            "--incremental",
            "--logits=last",
            "--target=onnxruntime",
            "--gate=kld=0.01",
            "--gate-context=16",
            "--gate-text",
            text)
        .assertDoneWithNote("the quality gate holds");
  }

  @Test
  void anotherReferenceIsAFile() throws IOException {
    var other = CommandRun.exported(TRAINED, folder.resolve("other.onnx"), "--step", "1");
    var tokens = Files.writeString(folder.resolve("tokens"), "1,2,3,4,5");
    export("--gate", "kld-max=1e-9", "--against", other, "--gate-tokens", tokens)
        .assertDoneWithNote("the quality gate holds");
    export("--gate", "kld-max=1", "--against", folder.resolve("none"))
        .assertRefused("no such file");
  }

  @Test
  void aGateAndAVerificationMustBothHold() throws IOException {
    var run = exportConfigured("--quantize=int8", "--verify", "--gate=kld=0");
    assertEquals(ExitCode.FAILED, run.code());
    assertEquals(List.of(), files());
    exportConfigured("--quantize=int8", "--verify", "--gate=kld=0.01")
        .assertDoneWithNote("the quality gate holds");
    assertEquals(List.of("model.onnx", "model.onnx.proof.json"), files());
  }

  private CommandRun exportConfigured(Object... options) {
    var words =
        Stream.of(
            "export",
            "--config",
            TRAINED.resolve("case.json"),
            "--weights",
            TRAINED.resolve("weights.safetensors"),
            "--gate-case",
            TRAINED,
            "--output",
            model());
    return CommandRun.of(Stream.concat(words, Stream.of(options)).toArray());
  }

  @Test
  void optionsThatDoNotFitAreRefused() throws IOException {
    export("--quantize=int8", "--gate-case", TRAINED).assertRefused("need --gate");
    export("--gate=kld=1").assertRefused("which this is; add --quantize, --cache-dtype or --dtype");
    export("--quantize=int8", "--gate=kl=1").assertRefused("a gate has no 'kl'");
    export("--quantize=int8", "--gate=kld=1", "--logits=last")
        .assertRefused("--gate needs the logits of all positions; remove --logits last");
    export("--quantize=int8", "--gate=kld=1", "--gate-case", TRAINED, "--gate-text=x")
        .assertRefused("only one of --gate-text, --gate-tokens and --gate-case");
    export("--quantize=int8", "--gate=kld=1", "--gate-text", folder.resolve("none"))
        .assertRefused("none: no such file");
    export("--quantize=int8", "--gate=kld=1", "--gate-context=0").assertRefused("the context is 0");
    CommandRun.of(
            "export",
            "--config",
            TRAINED.resolve("case.json"),
            "--weights",
            TRAINED.resolve("weights.safetensors"),
            "--quantize=int8",
            "--gate=kld=1",
            "--output",
            model())
        .assertRefused("--gate needs tokens: add --gate-text, --gate-tokens or --gate-case");
    assertEquals(List.of(), files());
  }
}
