package ai.transonnx.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The release that wrote weights: found by their names and shapes, or named. */
class ReleaseTest extends ExportedCases {
  private static final Path RELEASES = Path.of("../golden-tests/releases");

  /** Exports the weights of a case with its configuration, without its release. */
  private CommandRun export(Path golden, String... options) throws IOException {
    var described = (ObjectNode) Json.read(golden.resolve("case.json"));
    described.retain("library", "config");
    var config = Files.writeString(folder.resolve("config.json"), described.toString());
    var words = new ArrayList<Object>(List.of("export", "--config", config, "--weights"));
    words.addAll(List.of(golden.resolve("weights.safetensors"), "--output"));
    words.add(folder.resolve("model.onnx"));
    words.addAll(List.of(options));
    return CommandRun.of(words.toArray());
  }

  @Test
  void theReleaseIsFoundIfAllPossibleOnesComputeTheSame() throws IOException {
    export(RELEASES.resolve("1.31.14/no-unit-offset"))
        .assertDoneWithNote("exported as of release 2.26.4: the weights are of 1.31.0 to 2.26.4");
    var found = Files.readAllBytes(folder.resolve("model.onnx"));
    export(RELEASES.resolve("1.31.14/no-unit-offset"), "--release", "2.26.4").assertDone();
    assertArrayEquals(Files.readAllBytes(folder.resolve("model.onnx")), found);
  }

  @Test
  void theUsualReleaseIsUsedIfItIsOneOfThem() throws IOException {
    export(CASES.resolveSibling("x-transformers/decoder")).assertDone();
  }

  @Test
  void releasesThatComputeOtherResultsAreListed() throws IOException {
    export(RELEASES.resolve("2.3.1/prepend-mask"))
        .assertRefused(
            "1.31.0 to 1.31.2; or 1.31.3 to 2.26.4",
            "from 1.31.3 on, weights of norms are stored minus 1",
            "--release");
    export(CASES.resolveSibling("x-transformers/dynamic-pos-bias"))
        .assertRefused(
            "0.33.0 to 1.6.3; or 1.6.4 to 1.15.0",
            "from 1.6.4 on, dynamic position bias has SiLU, not ReLU");
    assertTrue(Files.notExists(folder.resolve("model.onnx")));
  }

  @Test
  void optionsOfOtherReleasesThanTheUsualOneAreRead() throws IOException {
    export(RELEASES.resolve("0.15.0/post-norm")).assertRefused("0.15.0 to 0.17.11; or 0.17.12");
  }

  @Test
  void aReleaseThatTheTensorsContradictIsRefused() throws IOException {
    export(RELEASES.resolve("1.31.14/no-unit-offset"), "--release", "1.26.6")
        .assertRefused(
            "the tensors are of release 1.27.0 or later: they have", "final_norm.gamma'");
    export(CASES.resolveSibling("x-transformers/decoder"), "--release", "0.29.2")
        .assertRefused(
            "weights.safetensors: the weights are not of release 0.29.2: the tensors are of release"
                + " 0.33.0 or later: they have",
            "they are of 0.33.0 to 1.15.0");
  }

  @Test
  void weightsThatFitNoReleaseAreComparedWithOneThatTheirNamesAllow() throws IOException {
    var other = RELEASES.resolve("2.3.1/rotary-base-rescale");
    var config = (ObjectNode) Json.read(other.resolve("case.json"));
    config.retain("library", "config");
    ((ObjectNode) config.path("config")).put("num_tokens", 99);
    var file = Files.writeString(folder.resolve("c.json"), config.toString());
    var run =
        CommandRun.of(
            "export",
            "--config",
            file,
            "--weights",
            other.resolve("weights.safetensors"),
            "--output",
            folder.resolve("model.onnx"));
    assertEquals(ExitCode.INVALID_INPUT, run.code(), run.err());
    assertTrue(
        run.err().contains("note: the weights seem to belong to release 1.42.18"), run.err());
    assertTrue(run.err().contains("the configuration needs [99, "), run.err());
  }

  @Test
  void inspectNamesThePossibleReleases() {
    assertInspected("2.3.1/prepend-mask", "written by one of the releases 1.31.0 to 2.26.4;");
    assertInspected("0.15.0/post-norm", "written by one of the releases 0.15.0 to 0.20.1;");
  }

  @Test
  void inspectPrintsTheOptionsOfTheNamedRelease() {
    var weights = RELEASES.resolve("2.3.1/prepend-mask/weights.safetensors");
    var out = CommandRun.of("inspect", "--release", "1.31.14", weights).assertDone().out();
    assertTrue(out.contains("\"release\":\"1.31.14\""), out);
    assertTrue(out.contains("  attn_layers.class: required"), out);
    assertTrue(out.contains("attn_softclamp_logits"), out);
    assertFalse(out.contains("attn_laser"), out);
  }

  @Test
  void inspectRefusesAReleaseThatTheTensorsContradict() {
    var weights = RELEASES.resolve("2.3.1/prepend-mask/weights.safetensors");
    var run = CommandRun.of("inspect", "--release", "1.9.2", weights);
    assertEquals(ExitCode.INVALID_INPUT, run.code(), run.err());
    assertTrue(run.err().contains("the weights are not of release 1.9.2"), run.err());
  }

  private static void assertInspected(String golden, String phrase) {
    var weights = RELEASES.resolve(golden).resolve("weights.safetensors");
    var out = CommandRun.of("inspect", weights).assertDone().out();
    assertTrue(out.contains("looks like TransformerWrapper of x-transformers"), out);
    assertTrue(out.contains(phrase), out);
  }
}
