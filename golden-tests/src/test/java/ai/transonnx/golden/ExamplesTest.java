package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.Architecture;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.architecture.Library;
import ai.transonnx.export.Export;
import ai.transonnx.export.Exporter;
import ai.transonnx.export.Origin;
import ai.transonnx.export.Weights;
import ai.transonnx.registry.Architectures;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.TransformerWrapper;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.ViTransformerWrapper;
import ai.transonnx.xtransformers.ViTransformerWrapperConfig;
import ai.transonnx.xtransformers.XTransformer;
import ai.transonnx.xtransformers.XTransformerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of docs/examples.md, as they stand there: their JSON and their Java make the same
 * bytes, which compute what golden cases recorded.
 */
class ExamplesTest {
  private static final DocumentedCode DOCUMENT = new DocumentedCode(Path.of("../docs/examples.md"));

  private final GraphRequest main = GraphRequest.main();

  @TempDir private Path folder;

  private Path weightsFile;
  private Path modelFile;

  /** In place of java.nio.file.Path below: files of the test. */
  private Path path(String name) {
    return name.endsWith(".safetensors") ? weightsFile : modelFile;
  }

  private final XTransformer translator = translator();
  private final ViTransformerWrapper vision = vision();

  private static XTransformer translator() {
    var translator =
        new XTransformer(
            XTransformerConfig.builder()
                .dim(16)
                .encNumTokens(24)
                .encDepth(2)
                .encHeads(2)
                .encMaxSeqLen(16)
                .encAttnDimHead(8)
                .decNumTokens(24)
                .decDepth(2)
                .decHeads(2)
                .decMaxSeqLen(16)
                .decAttnDimHead(8)
                .build());
    return translator;
  }

  private static ViTransformerWrapper vision() {
    var vision =
        new ViTransformerWrapper(
            ViTransformerWrapperConfig.builder()
                .imageSize(16)
                .patchSize(4)
                .postEmbNorm(true)
                .attnLayers(
                    AttentionLayersConfig.encoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .build())
                .build());
    return vision;
  }

  @Test
  void anEncoderAndADecoder() throws IOException {
    var translation = main.withInputs(List.of("src", "tgt", "src_mask"));
    assertRecorded("encoder-decoder", translator, translation, "logits");
  }

  @Test
  void likeGpt() throws IOException {
    var gpt =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(24)
                .maxSeqLen(24)
                .attnLayers(
                    AttentionLayersConfig.decoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .build())
                .build());
    assertRecorded("decoder", gpt, main, "logits");
  }

  @Test
  void likeBert() throws IOException {
    var bert =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(24)
                .maxSeqLen(24)
                .attnLayers(
                    AttentionLayersConfig.encoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .build())
                .build());
    var masked = main.withInputs(List.of("tokens", "mask"));
    assertRecorded("encoder-mask", bert, masked, "logits");
  }

  @Test
  void classesOfImages() throws IOException {
    var classifier =
        new ViTransformerWrapper(
            ViTransformerWrapperConfig.builder()
                .imageSize(16)
                .patchSize(4)
                .numClasses(7)
                .attnLayers(
                    AttentionLayersConfig.encoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .build())
                .build());
    assertRecorded("vit", classifier, main, "logits");
  }

  @Test
  void captionsOfImages() throws IOException {
    var captioner =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(24)
                .maxSeqLen(24)
                .attnLayers(
                    AttentionLayersConfig.decoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .crossAttend(true)
                        .build())
                .build());
    var embeddings = main.withOutputs(List.of("embeddings"));
    var captions = main.withInputs(List.of("tokens", "context"));
    assertRecorded("vit-embeddings", vision, embeddings, "embeddings");
    try (var eyes = model("vit-embeddings", vision, embeddings);
        var mouth = model("cross-attend", captioner, captions)) {
      var image = recorded("vit-embeddings", 0, "image");
      int batch = (int) image.shape()[0];
      var caption = Tensor.ofLongs(new long[batch * 5], batch, 5);
      var encoded = eyes.run(Map.of("image", image)).get("embeddings");
      var logits = mouth.run(Map.of("tokens", caption, "context", encoded)).get("logits");
      assertArrayEquals(new long[] {batch, 16, 16}, encoded.shape());
      assertArrayEquals(new long[] {batch, 5, 24}, logits.shape());
    }
  }

  @Test
  void imagesBeforeText() throws IOException {
    var embeddings = main.withOutputs(List.of("embeddings"));
    var prefixed = main.withInputs(List.of("src", "tgt", "src_mask", "src_prepend_embeds"));
    assertRecorded("encoder-decoder-pali", translator, prefixed, "logits");
    try (var eyes = model("vit-embeddings", vision, embeddings);
        var pali = model("encoder-decoder-pali", translator, prefixed)) {
      var image = recorded("vit-embeddings", 0, "image");
      int batch = (int) image.shape()[0];
      var prompt = Tensor.ofLongs(new long[batch * 3], batch, 3);
      var text = Tensor.ofLongs(new long[batch * 4], batch, 4);
      var kept = Tensor.ofBooleans(new boolean[batch * 3], batch, 3);
      var seen = eyes.run(Map.of("image", image)).get("embeddings");
      var answer =
          pali.run(Map.of("src", prompt, "tgt", text, "src_mask", kept, "src_prepend_embeds", seen))
              .get("logits");
      assertArrayEquals(new long[] {batch, 4, 24}, answer.shape());
    }
  }

  @Test
  void recurrenceOverThreeSegments() throws IOException {
    var xl =
        new TransformerWrapper(
            TransformerWrapperConfig.builder()
                .numTokens(24)
                .maxSeqLen(8)
                .maxMemLen(12)
                .attnLayers(
                    AttentionLayersConfig.decoder()
                        .dim(16)
                        .depth(2)
                        .heads(2)
                        .attnDimHead(8)
                        .relPosBias(true)
                        .build())
                .build());
    var remembering =
        main.withInputs(List.of("tokens", "mem")).withOutputs(List.of("logits", "mem"));
    try (var recurrent = model("xl-recurrence", xl, remembering)) {
      var segments = new ArrayList<Tensor>();
      for (int step = 0; step < 3; step++) {
        segments.add(recorded("xl-recurrence", step, "tokens"));
      }
      var memory = recurrent.metadata().state();
      Map<String, Tensor> inputs = new HashMap<>();
      List<Tensor> logits = new ArrayList<>();
      for (var pair : memory) {
        inputs.put(pair.input(), pair.zeros(2));
      }
      for (var segment : segments) {
        inputs.put("tokens", segment);
        var outputs = recurrent.run(inputs);
        logits.add(outputs.get("logits"));
        for (var pair : memory) {
          inputs.put(pair.input(), outputs.get(pair.output()));
        }
      }
      for (int step = 0; step < 3; step++) {
        assertAgrees(logits.get(step), recorded("xl-recurrence", step, "logits"));
      }
    }
  }

  @Test
  void theDocumentShowsTheSameLines() throws IOException {
    DOCUMENT.assertRunBy(ExamplesTest.class);
  }

  private void assertRecorded(
      String name, Architecture architecture, GraphRequest request, String output)
      throws IOException {
    try (var model = model(name, architecture, request)) {
      var inputs = new HashMap<String, Tensor>();
      for (var input : model.signature().inputs().keySet()) {
        inputs.put(input, recorded(name, 0, input));
      }
      assertAgrees(model.run(inputs).get(output), recorded(name, 0, output));
    }
  }

  private static void assertAgrees(Tensor actual, Tensor expected) {
    var comparison = Comparison.of("output", expected, actual);
    assertTrue(comparison.agrees(), comparison.description());
  }

  private static Tensor recorded(String name, int step, String tensor) {
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

  /** The model of a golden case's weights, of which the document's JSON makes the same bytes. */
  private OnnxModel model(String name, Architecture architecture, GraphRequest request)
      throws IOException {
    weightsFile = golden(name).resolve("weights.safetensors");
    modelFile = folder.resolve(name + ".onnx");
    export(architecture, request);
    var ofJava = Files.readAllBytes(modelFile);
    export(documented(architecture), request);
    assertArrayEquals(ofJava, Files.readAllBytes(modelFile));
    assertEquals(CaseFolder.read(golden(name)).architecture(), architecture);
    return OnnxModel.load(modelFile);
  }

  /** What the document has in JSON for an architecture. */
  private static Architecture documented(Architecture architecture) throws IOException {
    return DOCUMENT.blocks("json").stream()
        .map(json -> Architectures.of(Library.X_TRANSFORMERS, json))
        .filter(architecture::equals)
        .findAny()
        .orElseThrow(() -> new AssertionError("no JSON in the document is " + architecture));
  }

  private void export(Architecture architecture, GraphRequest request) {
    var model = architecture.build(request);
    try (var weights = Weights.open(path("model.safetensors"))) {
      Exporter.export(
          Export.of(model, weights, Origin.of(architecture), path("model.onnx"))
              .withUnneeded(List.copyOf(architecture.unneeded(request))));
    }
  }
}
