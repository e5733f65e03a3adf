package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Comparison;
import ai.transonnx.verification.Recording;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;

/** Models of golden cases of x-transformers whose configurations are in a document. */
final class RecordedModels {
  private final DocumentedCode document;
  private final Path folder;
  private Path weightsFile;
  private Path modelFile;

  /**
   * Models of the cases.
   *
   * @param folder the folder of the exported files
   */
  RecordedModels(DocumentedCode document, Path folder) {
    this.document = document;
    this.folder = folder;
  }

  /** Replaces {@code Path.of} in the document by files of the test. */
  private Path path(String name) {
    return name.endsWith(".safetensors") ? weightsFile : modelFile;
  }

  void assertRecorded(String name, Architecture architecture, GraphRequest request, String output)
      throws IOException {
    try (var model = model(name, architecture, request)) {
      var inputs = new HashMap<String, Tensor>();
      for (var input : model.signature().inputs().keySet()) {
        inputs.put(input, recorded(name, 0, input));
      }
      assertAgrees(model.run(inputs).get(output), recorded(name, 0, output));
    }
  }

  static void assertAgrees(Tensor actual, Tensor expected) {
    var comparison = Comparison.of("output", expected, actual);
    assertTrue(comparison.agrees(), comparison.description());
  }

  static Tensor recorded(String name, int step, String tensor) {
    var description = CaseFolder.read(golden(name));
    try (var recording = Recording.open(description.tensors())) {
      var recorded = description.step(step);
      return recorded.inputs().contains(tensor)
          ? recording.input(recorded, tensor)
          : recording.output(recorded, tensor);
    }
  }

  private static Path golden(String name) {
    return Path.of("cases", "x-transformers", name);
  }

  /** The model of a golden case; the document's JSON must export the same bytes. */
  OnnxModel model(String name, Architecture architecture, GraphRequest request) throws IOException {
    weightsFile = golden(name).resolve("weights.safetensors");
    modelFile = folder.resolve(name + ".onnx");
    export(architecture, request);
    var fromJava = Files.readAllBytes(modelFile);
    export(documented(architecture), request);
    assertArrayEquals(fromJava, Files.readAllBytes(modelFile));
    assertEquals(CaseFolder.read(golden(name)).architecture(), architecture);
    return OnnxModel.load(modelFile);
  }

  /** The architecture from the JSON of the document. */
  private Architecture documented(Architecture architecture) throws IOException {
    return document.blocks("json").stream()
        .map(json -> Architectures.of(Library.X_TRANSFORMERS, json))
        .filter(architecture::equals)
        .findAny()
        .orElseThrow(() -> new AssertionError("no JSON in the document is " + architecture));
  }

  private void export(Architecture architecture, GraphRequest request) {
    Exporter.export(
        ExportRequest.builder(architecture, path("model.safetensors"), path("model.onnx"))
            .graph(request)
            .build());
  }
}
