package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.djl.DjlModels;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Weights;
import ai.transonnx.export.inspect.OnnxSummary;
import ai.transonnx.export.weights.Fingerprint;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.diagnosis.ModelDiagnosis;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Recording;
import ai.transonnx.verification.StoredTensors;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files inside of an archive. The disk has files of the same paths, and none of them may be taken
 * for those in the archive.
 */
class OtherFileSystemsTest {
  private static final Path CASE = Path.of("cases/x-transformers/decoder");
  private static final List<String> FILES =
      List.of("case.json", "weights.safetensors", "io.safetensors");

  @TempDir private Path disk = Path.of("");

  private FileSystem archive = FileSystems.getDefault();
  private Path inside = Path.of("");
  private Path model = Path.of("");

  @BeforeEach
  void copyIntoAnArchive() throws IOException {
    model = disk.resolve("model.onnx");
    CaseFolder.read(CASE).export(GraphRequest.builder().incremental(true).build(), model);
    for (var file : FILES) {
      Files.copy(CASE.resolve(file), disk.resolve(file));
    }
    archive = FileSystems.newFileSystem(disk.resolve("a.jar"), Map.of("create", "true"));
    inside = archive.getPath(disk.toString());
    Files.createDirectories(inside);
    for (var file : FILES) {
      Files.copy(disk.resolve(file), inside.resolve(file));
    }
    Files.copy(model, inside.resolve("model.onnx"));
  }

  @AfterEach
  void closeArchive() throws IOException {
    archive.close();
  }

  private static void assertRefused(Executable entry) {
    assertRefused(String.valueOf(assertThrows(RuntimeException.class, entry).getMessage()));
  }

  private static void assertRefused(String message) {
    assertTrue(
        message.endsWith("this is in a file system of type 'jar'; a plain file on disk is needed"),
        message);
    assertEquals(1, message.lines().count());
  }

  @Test
  void weightsAreRefused() {
    var weights = inside.resolve("weights.safetensors");
    var folder = CaseFolder.read(disk);
    var architecture = folder.architecture();
    assertRefused(() -> Weights.open(weights));
    assertRefused(() -> Weights.open(weights, "model"));
    assertRefused(() -> Weights.open(inside));
    assertRefused(() -> Weights.looksLikeWeights(weights));
    assertRefused(() -> Fingerprint.start(weights));
    assertRefused(() -> Exporter.export(architecture, weights, disk.resolve("new.onnx")));
    assertRefused(
        () -> folder.withWeights(weights).export(GraphRequest.main(), disk.resolve("new.onnx")));
  }

  @Test
  void anOutputIsRefused() throws IOException {
    var architecture = CaseFolder.read(disk).architecture();
    var weights = disk.resolve("weights.safetensors");
    var output = inside.resolve("model.onnx");
    long before = Files.size(model);
    assertRefused(
        () ->
            Exporter.export(
                ExportRequest.builder(architecture, weights, output).externalData(true).build()));
    assertEquals(before, Files.size(model));
  }

  @Test
  void modelsAreRefused() {
    var file = inside.resolve("model.onnx");
    assertRefused(() -> OnnxModel.load(file));
    assertRefused(() -> OnnxModel.check(file));
    assertRefused(() -> OnnxSummary.read(file));
    assertRefused(ModelDiagnosis.of(file, ModelOptions.defaults()).problem());
    assertRefused(() -> DjlModels.criteria(file, String.class, String.class));
  }

  @Test
  void tokenizersAreRefused() throws IOException {
    var file = disk.resolve("tokenizer.json");
    Files.copy(Path.of("text/byte-level-bpe/tokenizer.json"), file);
    var packed = Files.copy(file, inside.resolve("tokenizer.json"));
    assertRefused(() -> Tokenizers.open(packed));
    var folder = CaseFolder.read(disk);
    var request =
        ExportRequest.builder(
                folder.architecture(),
                disk.resolve("weights.safetensors"),
                disk.resolve("new.onnx"))
            .tokenizer(packed)
            .build();
    assertRefused(() -> Exporter.export(request));
  }

  @Test
  void statesOfLoopsAreRefused() {
    try (var loaded = OnnxModel.load(model);
        var loop = TokenLoop.of(loaded)) {
      loop.feed(1, 2);
      var state = loop.state();
      state.write(disk.resolve("chat.state"));
      assertRefused(() -> state.write(inside.resolve("chat.state")));
      assertRefused(() -> LoopState.read(inside.resolve("chat.state"), loaded));
    }
  }

  @Test
  void casesAreRefused() {
    assertRefused(() -> CaseFolder.below(inside));
    assertRefused(() -> CaseFolder.read(inside));
    assertRefused(() -> Recording.open(inside.resolve("io.safetensors")));
    assertRefused(() -> StoredTensors.open(inside.resolve("io.safetensors")));
  }
}
