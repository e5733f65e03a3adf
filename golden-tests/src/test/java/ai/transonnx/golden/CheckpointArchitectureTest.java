package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.checkpoint.CheckpointArchitecture;
import ai.transonnx.registry.UndecidedReleaseException;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.xtransformers.ReleaseSet;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Architectures that are found by their checkpoints, in Java. Runs the Java of docs/releases.md.
 */
class CheckpointArchitectureTest {
  private static final CaseFolder NO_OFFSET = released("1.31.14/no-unit-offset");
  private static final CaseFolder PREPENDED = released("2.3.1/prepend-mask");
  private static final CaseFolder TOKEN_SHIFT =
      CaseFolder.read(Path.of("cases/token-shift-gpt/base"));

  @TempDir private Path folder;

  private static CaseFolder released(String name) {
    return CaseFolder.read(Path.of("releases").resolve(name));
  }

  /** Replaces {@code Path.of} in the document by files of the test. */
  private Path path(String name) {
    return name.equals("model.pt") ? NO_OFFSET.weights() : folder.resolve(name);
  }

  @Test
  void theReleaseIsFoundForAnExport() throws IOException {
    Files.writeString(folder.resolve("config.json"), NO_OFFSET.config().toString());
    String config = Files.readString(path("config.json"));
    var graph = GraphRequest.builder().incremental(true).build();
    try (var weights = Weights.open(path("model.pt"))) {
      var found =
          CheckpointArchitecture.builder(Library.X_TRANSFORMERS, config, weights)
              .graph(graph)
              .find();
      found.notes().forEach(System.err::println);
      Exporter.export(
          ExportRequest.builder(found.architecture(), weights, path("model.onnx"))
              .graph(graph)
              .build());
      assertEquals("2.26.4", found.architecture().library().version());
      assertEquals(
          List.of(
              "exported as of release 2.26.4: the weights are of 1.31.0 to 2.26.4,"
                  + " which compute the same"),
          found.notes());
    } catch (UndecidedReleaseException e) {
      System.err.println(e.choices()); // for instance [1.31.0 to 1.31.2, 1.31.3 to 2.26.4]
      throw e;
    }
    assertTrue(Files.exists(path("model.onnx")));
  }

  private static CheckpointArchitecture found(CaseFolder golden, String... release) {
    try (var weights = Weights.open(golden.weights())) {
      var search = CheckpointArchitecture.builder(golden.library(), golden.config(), weights);
      List.of(release).forEach(search::release);
      return search.find();
    }
  }

  @Test
  void releasesWithOtherResultsAreTheChoices() {
    try (var weights = Weights.open(PREPENDED.weights())) {
      var search =
          CheckpointArchitecture.builder(Library.X_TRANSFORMERS, PREPENDED.config(), weights);
      var undecided = assertThrows(UndecidedReleaseException.class, search::find);
      assertEquals(
          List.of("1.31.0 to 1.31.2", "1.31.3 to 2.26.4"),
          undecided.choices().stream().map(ReleaseSet::toString).toList());
      assertTrue(
          undecided.getMessage().contains("norms are stored minus 1"), undecided::getMessage);
    }
  }

  @Test
  void aNamedReleaseIsUsed() {
    assertEquals("2.3.1", found(PREPENDED, "2.3.1").architecture().library().version());
  }

  @Test
  void aNamedReleaseThatTheWeightsContradictIsRefused() {
    var refusal = assertThrows(InputException.class, () -> found(PREPENDED, "1.26.6"));
    assertTrue(refusal.getMessage().contains("are not of release 1.26.6"), refusal::getMessage);
  }

  @Test
  void aLibraryWithOneReleaseNeedsNoDecision() {
    var found = found(TOKEN_SHIFT);
    assertEquals("TokenShiftGPT", found.architecture().className());
    assertEquals(List.of(), found.notes());
  }

  @Test
  void anOptionThatNoReleaseHasIsRefused() {
    var config = (ObjectNode) NO_OFFSET.config().deepCopy();
    config.put("logits_dim_of_mine", 3);
    try (var weights = Weights.open(NO_OFFSET.weights())) {
      var search = CheckpointArchitecture.builder(Library.X_TRANSFORMERS, config, weights);
      var refusal = assertThrows(InputException.class, search::find);
      assertTrue(refusal.getMessage().contains("logits_dim_of_mine"), refusal::getMessage);
    }
  }

  @Test
  void theDocumentShowsTheSameLines() throws IOException {
    new DocumentedCode(Path.of("../docs/releases.md"))
        .assertRunBy(CheckpointArchitectureTest.class);
  }
}
