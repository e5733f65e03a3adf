package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.xtransformers.AttentionLayersConfig;
import ai.transonnx.xtransformers.TransformerWrapper;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.ViTransformerWrapper;
import ai.transonnx.xtransformers.ViTransformerWrapperConfig;
import ai.transonnx.xtransformers.XTransformer;
import ai.transonnx.xtransformers.XTransformerConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The examples of docs/examples.md. Their JSON and their Java export the same bytes, and the models
 * compute the outputs recorded in golden cases.
 */
class ExamplesTest {
  private static final DocumentedCode DOCUMENT = new DocumentedCode(Path.of("../docs/examples.md"));

  @TempDir private Path folder;

  private RecordedModels models;

  @BeforeEach
  void open() {
    models = new RecordedModels(DOCUMENT, folder);
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
  void encoderDecoderTransformer() throws IOException {
    var translation = GraphRequest.builder().inputs("src", "tgt", "src_mask").build();
    models.assertRecorded("encoder-decoder", translator, translation, "logits");
  }

  @Test
  void decoderOnlyLanguageModel() throws IOException {
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
    models.assertRecorded("decoder", gpt, GraphRequest.main(), "logits");
  }

  @Test
  void encoderOnlyModel() throws IOException {
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
    var masked = GraphRequest.builder().inputs("tokens", "mask").build();
    models.assertRecorded("encoder-mask", bert, masked, "logits");
  }

  @Test
  void imageClassification() throws IOException {
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
    models.assertRecorded("vit", classifier, GraphRequest.main(), "logits");
  }

  @Test
  void imageCaptioning() throws IOException {
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
    var embeddings = GraphRequest.builder().outputs("embeddings").build();
    var captions = GraphRequest.builder().inputs("tokens", "context").build();
    models.assertRecorded("vit-embeddings", vision, embeddings, "embeddings");
    try (var eyes = models.model("vit-embeddings", vision, embeddings);
        var mouth = models.model("cross-attend", captioner, captions)) {
      var image = RecordedModels.recorded("vit-embeddings", 0, "image");
      int batch = (int) image.shape()[0];
      var caption = Tensor.ofLongs(new long[batch * 5], batch, 5);
      var encoded = eyes.run(Map.of("image", image)).get("embeddings");
      var logits = mouth.run(Map.of("tokens", caption, "context", encoded)).get("logits");
      assertArrayEquals(new long[] {batch, 16, 16}, encoded.shape());
      assertArrayEquals(new long[] {batch, 5, 24}, logits.shape());
    }
  }

  @Test
  void imagesAndText() throws IOException {
    var embeddings = GraphRequest.builder().outputs("embeddings").build();
    var prefixed =
        GraphRequest.builder().inputs("src", "tgt", "src_mask", "src_prepend_embeds").build();
    models.assertRecorded("encoder-decoder-pali", translator, prefixed, "logits");
    try (var eyes = models.model("vit-embeddings", vision, embeddings);
        var pali = models.model("encoder-decoder-pali", translator, prefixed)) {
      var image = RecordedModels.recorded("vit-embeddings", 0, "image");
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
        GraphRequest.builder().inputs("tokens", "mem").outputs("logits", "mem").build();
    try (var recurrent = models.model("xl-recurrence", xl, remembering)) {
      var segments = new ArrayList<Tensor>();
      for (int step = 0; step < 3; step++) {
        segments.add(RecordedModels.recorded("xl-recurrence", step, "tokens"));
      }
      var memory = recurrent.metadata().state();
      Map<String, Tensor> inputs = new HashMap<>();
      List<Tensor> logits = new ArrayList<>();
      for (var pair : memory) {
        inputs.put(pair.input(), Tensor.zeros(pair, 2));
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
        RecordedModels.assertAgrees(
            logits.get(step), RecordedModels.recorded("xl-recurrence", step, "logits"));
      }
    }
  }

  @Test
  void everyJavaLineOfTheDocumentIsTested() throws IOException {
    DOCUMENT.assertRunBy(ExamplesTest.class, RecordedModels.class);
  }
}
