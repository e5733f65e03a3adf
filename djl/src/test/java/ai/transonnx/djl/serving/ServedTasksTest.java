package ai.transonnx.djl.serving;

import static ai.transonnx.djl.serving.ServedModel.GOLDEN;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.translate.TranslateException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Scores, embeddings, classes, and the targets of an encoder-decoder equal those of the runtime.
 */
class ServedTasksTest {
  @TempDir private Path folder = Path.of("");
  private Path file = Path.of("");

  @BeforeEach
  void nameTheFile() {
    file = folder.resolve("model.onnx");
  }

  private static byte[] png(int side) throws Exception {
    var png = new ByteArrayOutputStream();
    ImageIO.write(new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB), "png", png);
    return png.toByteArray();
  }

  @Test
  void textsAreScored() throws Exception {
    CaseFolder.read(ServedModel.BIBLE).export(GraphRequest.main(), file);
    try (var served = ServedModel.load(file, Map.of("task", "score"));
        var model = OnnxModel.load(file)) {
      double[] bits = Scorer.of(model).bits(new ByteText(128).encode("In the"));
      var scores = served.answer("{\"inputs\": [\"God\", \"In the\"]}");
      assertEquals(2, scores.size());
      for (int i = 0; i < bits.length; i++) {
        assertEquals(bits[i], scores.path(1).path("bits").path(i).doubleValue(), 1e-4);
      }
      var one = served.answer("{\"inputs\": \"In the\"}");
      assertEquals(scores.path(1), one);
      var refused = served.send(ServedModel.json("{\"inputs\": \"I\"}"));
      assertEquals(400, refused.getCode());
      assertTrue(ServedModel.text(refused).contains("a score needs 2 or more"));
    }
  }

  @Test
  void textsAreEmbedded() throws Exception {
    CaseFolder.read(ServedModel.BIBLE)
        .export(GraphRequest.builder().outputs("embeddings").build(), file);
    try (var served = ServedModel.load(file, Map.of("task", "embedding"));
        var model = OnnxModel.load(file)) {
      var tokens = Map.of("tokens", Tensor.ofLongs(new long[] {72, 105}, 1, 2));
      float[] values = model.run(tokens).get("embeddings").floats();
      var vectors = served.answer("{\"inputs\": [\"Hi\"]}");
      int dim = vectors.path(0).size();
      for (int i = 0; i < dim; i++) {
        assertEquals((values[i] + values[dim + i]) / 2, vectors.path(0).path(i).floatValue(), 1e-4);
      }
    }
  }

  @Test
  void imagesAreClassified() throws Exception {
    CaseFolder.read(GOLDEN.resolve("cases/x-transformers/vit")).export(GraphRequest.main(), file);
    int side;
    int classes;
    try (var model = OnnxModel.load(file)) {
      side = (int) model.signature().input("image").orElseThrow().fixedSize(2).orElseThrow();
      classes =
          model
              .run(Map.of("image", Tensor.ofFloats(new float[3 * side * side], 1, 3, side, side)))
              .get("logits")
              .floats()
              .length;
    }
    var names = IntStream.range(0, classes).mapToObj(i -> "class " + i);
    Files.writeString(folder.resolve("synset.txt"), names.collect(Collectors.joining("\n")));
    try (var served = ServedModel.load(file, Map.of())) {
      var best =
          RequestFields.JSON.readTree(served.text(ServedModel.input("image/png", png(side))));
      assertTrue(best.path(0).path("className").textValue().startsWith("class "));
      assertTrue(
          best.path(0).path("probability").doubleValue()
              >= best.path(1).path("probability").doubleValue());
      var refused = served.send(ServedModel.input("image/png", new byte[] {1, 2, 3}));
      assertEquals(400, refused.getCode());
      assertTrue(ServedModel.text(refused).contains("not an image"));
    }
  }

  @Test
  void aLargeImageInASmallFileIsRefused() throws Exception {
    var body = png(16);
    for (int i = 0; i < 4; i++) {
      body[16 + i] = (byte) (100_000 >> 24 - 8 * i); // the width in the header
      body[20 + i] = (byte) (100_000 >> 24 - 8 * i);
    }
    var refused =
        assertThrows(
            RequestException.class, () -> ImageContent.read(new RequestContent(body, false)));
    assertTrue(refused.getMessage().contains("10000000000 pixels"), refused.getMessage());
  }

  @Test
  void anEncoderDecoderGeneratesTheTargetOfASource() throws Exception {
    var golden = CaseFolder.read(GOLDEN.resolve("cases/x-transformers/encoder-decoder-features"));
    var request = CaseChecks.request(golden, golden.step(2));
    golden.export(request.toBuilder().incremental(true).build(), file);
    try (var served = ServedModel.load(file, Map.of("start", "1"));
        var model = OnnxModel.load(file)) {
      var response =
          served.answer(
              """
              {"inputs": "\\u0004\\u0005\\u0006", "parameters": {"max_new_tokens": 5, "details": true}}
              """);
      var inputs = new HashMap<String, Tensor>();
      inputs.put("src", Tensor.ofLongs(new long[] {4, 5, 6}, 1, 3));
      if (model.signature().input("src_mask").isPresent()) {
        inputs.put("src_mask", Tensor.ofBooleans(new boolean[] {true, true, true}, 1, 3));
      }
      var options = GenerationOptions.builder(5).greedy().build();
      var expected =
          Generator.of(model)
              .generate(
                  GenerationRequest.builder(new long[][] {{1}}, options).inputs(inputs).build())
              .tokens(0);
      for (int i = 0; i < expected.length; i++) {
        assertEquals(
            expected[i], response.path("details").path("tokens").path(i).path("id").longValue());
      }
    }
  }

  @Test
  void aModelThatDoesNotFitItsTaskFailsWithTheReason() throws Exception {
    CaseFolder.read(ServedModel.BIBLE)
        .export(GraphRequest.builder().outputs("embeddings").build(), file);
    try (var served = ServedModel.load(file, Map.of())) {
      var e =
          assertThrows(
              TranslateException.class, () -> served.send(ServedModel.json("{\"inputs\": \"a\"}")));
      assertTrue(e.getMessage().contains("no output 'logits'"), e.getMessage());
    }
  }

  @Test
  void invalidArgumentsAreRefusedAtLoading() {
    var translator = new ServedTranslator();
    assertRefused(translator, Map.of("lenght", "3"), "did you mean 'length'?");
    assertRefused(translator, Map.of("task", "chat"), "it must be one of generation, score");
    assertRefused(translator, Map.of("length", "5000"), "it must be 0 to 4096 ('maxTokens')");
    assertRefused(translator, Map.of("maxRows", "0"), "it must be 1 or more");
    assertRefused(translator, Map.of("greedy", "true", "topK", "3"), "excludes");
    assertRefused(translator, Map.of("topP", "2"), "top-p");
  }

  private static void assertRefused(
      ServedTranslator translator, Map<String, String> arguments, String phrase) {
    var e = assertThrows(RequestException.class, () -> translator.setArguments(arguments));
    assertTrue(e.getMessage().contains(phrase), e.getMessage());
  }
}
