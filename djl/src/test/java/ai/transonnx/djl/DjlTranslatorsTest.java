package ai.transonnx.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.djl.Application;
import ai.djl.Model;
import ai.djl.modality.Classifications;
import ai.djl.modality.cv.Image;
import ai.djl.modality.cv.ImageFactory;
import ai.djl.ndarray.NDList;
import ai.djl.translate.TranslateException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseFolder;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** The results of translators equal those of the runtime; invalid arguments are reported. */
class DjlTranslatorsTest extends DjlModelFile {
  private static final Path BASE = GOLDEN.resolve("cases/token-shift-gpt/base");

  @Test
  void textIsScored() throws Exception {
    export(BIBLE, GraphRequest.main());
    var criteria = DjlModels.criteria(file, String.class, TextScore.class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      double[] bits = Scorer.of(loaded).bits(new ByteText(128).encode(PROMPT));
      var score = predictor.predict(PROMPT);
      assertArrayEquals(
          bits, score.bits().stream().mapToDouble(Double::doubleValue).toArray(), 1e-5);
      assertEquals(-score.bitsPerToken() * bits.length * Math.log(2), score.logLikelihood(), 1e-9);
    }
  }

  @Test
  void logitsOfTheLastPositionOnlyCannotScore() throws Exception {
    export(BIBLE, GraphRequest.builder().lastLogits(true).build());
    var criteria = DjlModels.criteria(file, String.class, TextScore.class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      var e = assertThrows(TranslateException.class, () -> predictor.predict(PROMPT));
      assertTrue(e.getMessage().endsWith("export the model with the logits of all positions"));
    }
  }

  @Test
  void theTokenizerInTheModelsDirectoryIsUsed() throws Exception {
    export(BASE, GraphRequest.main());
    var tokenizer = Path.of("src/test/resources/tokenizer/tokenizer.json");
    Files.copy(tokenizer, folder.resolve("tokenizer.json"));
    var criteria = DjlModels.criteria(file, String.class, TextScore.class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      double[] bits = Scorer.of(loaded).bits(1, 2, 3, 4); // in the beginning god
      assertEquals(bits[2], predictor.predict("In the beginning God").bits().get(2), 1e-5);
    }
    var continuing =
        DjlModels.criteria(file, String.class, String.class)
            .optArgument("length", 6)
            .optArgument("seed", 7)
            .build();
    try (var model = continuing.loadModel();
        var predictor = model.newPredictor()) {
      String text = predictor.predict("in the beginning");
      assertTrue(text.strip().split("\\s+").length <= 6 && !text.isEmpty(), text);
      assertEquals(text, predictor.predict("in the beginning"));
    }
  }

  @Test
  void theExportedTokenizerIsUsed() throws Exception {
    var tokenizer = Path.of("src/test/resources/tokenizer/tokenizer.json");
    var base = CaseFolder.read(BASE);
    Exporter.export(
        ExportRequest.builder(base.architecture(), base.weights(), file)
            .tokenizer(tokenizer)
            .build());
    var criteria = DjlModels.criteria(file, String.class, TextScore.class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      double[] bits = Scorer.of(loaded).bits(1, 2, 3, 4); // in the beginning god
      assertEquals(bits[2], predictor.predict("In the beginning God").bits().get(2), 1e-5);
    }
    var copy = folder.resolve("model.onnx.tokenizer.json");
    Files.writeString(copy, Files.readString(copy) + "\n");
    assertTrue(loadingError(criteria::loadModel).contains("is not the one that it was exported"));
  }

  @Test
  void stopTextsNeedTexts() {
    export(BASE, GraphRequest.main());
    var criteria =
        DjlModels.criteria(file, long[][].class, Generation.class)
            .optArgument("stopText", "x")
            .build();
    assertEquals(
        "argument 'stopText' needs an input of type String", loadingError(criteria::loadModel));
  }

  @Test
  void anImageIsClassified() throws Exception {
    export(GOLDEN.resolve("cases/x-transformers/vit"), GraphRequest.main());
    int side;
    try (var loaded = OnnxModel.load(file)) {
      var spec = loaded.signature().input("image").orElseThrow();
      side = (int) spec.fixedSize(2).orElseThrow();
    }
    var picture = new BufferedImage(side, side, BufferedImage.TYPE_INT_RGB);
    var pixels = new float[3 * side * side];
    for (int i = 0; i < side * side; i++) {
      int[] rgb = {i * 7 % 256, i * 31 % 256, 255 - i % 256};
      picture.setRGB(i % side, i / side, rgb[0] << 16 | rgb[1] << 8 | rgb[2]);
      for (int c = 0; c < 3; c++) {
        pixels[c * side * side + i] = (rgb[c] / 255f - 0.5f) / 0.25f;
      }
    }
    var image = ImageFactory.getInstance().fromImage(picture);
    var criteria =
        DjlModels.criteria(file, Image.class, Classifications.class)
            .optArgument("mean", "0.5,0.5,0.5")
            .optArgument("std", "0.25,0.25,0.25")
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      var tensor = Tensor.ofFloats(pixels, 1, 3, side, side);
      float[] logits = loaded.run(Map.of("image", tensor)).get("logits").floats();
      var classes = predictor.predict(image);
      List<Double> probabilities = classes.getProbabilities();
      assertEquals(logits.length, probabilities.size());
      for (int i = 1; i < logits.length; i++) {
        assertEquals(
            logits[i] - logits[0], Math.log(probabilities.get(i) / probabilities.get(0)), 1e-4);
      }
    }
  }

  @Test
  void embeddingsAreTheMeanOfThePositions() throws Exception {
    var request = GraphRequest.builder().outputs("embeddings").build();
    export(GOLDEN.resolve("trained/x-transformers/bible"), request);
    var criteria = DjlModels.criteria(file, String.class, float[].class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      var inputs = Map.of("tokens", Tensor.ofLongs(new long[] {72, 105}, 1, 2));
      var embeddings = loaded.run(inputs).get("embeddings");
      int dim = (int) embeddings.shape()[2];
      float[] values = embeddings.floats();
      float[] mean = predictor.predict("Hi");
      assertEquals(dim, mean.length);
      for (int i = 0; i < dim; i++) {
        assertEquals((values[i] + values[dim + i]) / 2, mean[i], 1e-4);
      }
    }
  }

  @Test
  void unsupportedTypesAndArgumentsFailAtLoading() {
    export(BASE, GraphRequest.main());
    var images = DjlModels.criteria(file, Image.class, Classifications.class).build();
    assertTrue(
        loadingError(images::loadModel)
            .contains("the model has no input 'image'; its inputs are [tokens]"));
    var lengths =
        DjlModels.criteria(file, String.class, String.class).optArgument("length", "x").build();
    assertTrue(loadingError(lengths::loadModel).contains("argument 'length' is 'x', not a number"));
    var greedy =
        DjlModels.criteria(file, String.class, String.class).optArgument("greedy", "yes").build();
    assertTrue(
        loadingError(greedy::loadModel).contains("argument 'greedy' is 'yes', not true or false"));
    var missing =
        DjlModels.criteria(file, String.class, String.class)
            .optArgument("tokenizer", folder.resolve("none.json").toString())
            .build();
    assertTrue(loadingError(missing::loadModel).endsWith("none.json: no such file"));
    var memories = GOLDEN.resolve("cases/x-transformers/xl-recurrence");
    var names = List.of("tokens", "mem");
    export(memories, GraphRequest.builder().inputs(names).outputs("logits", "mem").build());
    var tokens = DjlModels.criteria(file, long[][].class, long[][].class).build();
    assertTrue(loadingError(tokens::loadModel).contains("export it with --incremental"));
  }

  private static String loadingError(Executable load) {
    return assertThrows(RequestException.class, load).getMessage();
  }

  @Test
  void anUnknownArgumentIsReportedWithTheNearestName() {
    export(BASE, GraphRequest.main());
    assertEquals(
        "unknown argument 'lenght'; did you mean 'length'?",
        loadingError("lenght", 5, String.class));
    assertEquals(
        "unknown argument 'sed'; did you mean 'seed'?", loadingError("sed", 5, NDList.class));
    assertTrue(loadingError("colour", 5, String.class).endsWith("; the arguments are " + NAMES));
  }

  private static final String NAMES =
      "addSpecialTokens, greedy, length, mean, minP, seed, start, std, stop, stopText, synset,"
          + " temperature, tokenizer, topK, topKThreshold, topP, topPThreshold";

  private <T> String loadingError(String name, Object value, Class<T> type) {
    var criteria = DjlModels.criteria(file, type, type).optArgument(name, value).build();
    return loadingError(criteria::loadModel);
  }

  @Test
  void anInvalidValueIsReportedAtLoading() {
    export(BASE, GraphRequest.main());
    assertEquals(
        "argument 'length' is 'x', not a number", loadingError("length", "x", String.class));
    assertEquals("top-p is 95.0, not a number from 0 to 1", loadingError("topP", 95, String.class));
    assertEquals("argument 'topK' is '0.9', not a number", loadingError("topK", 0.9, String.class));
  }

  @Test
  void greedyExcludesSamplingArguments() {
    export(BASE, GraphRequest.main());
    var criteria =
        DjlModels.criteria(file, String.class, String.class)
            .optArgument("greedy", true)
            .optArgument("topP", 0.9)
            .build();
    assertEquals(
        "arguments 'greedy' and 'topP' exclude each other; remove one",
        loadingError(criteria::loadModel));
  }

  @Test
  void anInvalidPromptIsReportedByThePrediction() throws Exception {
    export(BIBLE, GraphRequest.main());
    var criteria = DjlModels.criteria(file, String.class, String.class).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      var text = new ByteText(loaded.vocabulary().orElseThrow());
      var expected = assertThrows(RequestException.class, () -> text.encode("caf\u00e9"));
      var e = assertThrows(TranslateException.class, () -> predictor.predict("caf\u00e9"));
      assertEquals(expected.getMessage(), e.getMessage());
    }
  }

  @Test
  void argumentsOfDjlAndDjlServingAreAccepted() throws Exception {
    export(BASE, GraphRequest.main());
    Files.writeString(
        folder.resolve("serving.properties"),
        """
        engine=OnnxRuntime
        batch_size=4
        gpu.minWorkers=1
        option.interOpNumThreads=1
        length=3
        """);
    var criteria =
        DjlModels.criteria(file, long[][].class, long[][].class)
            .optApplication(Application.NLP.TEXT_GENERATION)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      assertEquals(3, predictor.predict(new long[][] {{1}})[0].length);
    }
  }

  @Test
  void topPKeepsTheGivenProbability() throws Exception {
    export(BASE, GraphRequest.main());
    assertArrayEquals(drawn("topP", 0.75), drawn("topPThreshold", 0.25));
    assertFalse(Arrays.equals(drawn("topP", 0.75), drawn("topPThreshold", 0.75)));
    assertArrayEquals(drawn("topK", 1), drawn("topKThreshold", 1));
    assertArrayEquals(drawn("topK", 1), drawn("minP", 1));
  }

  private long[] drawn(String name, Object value) throws Exception {
    var criteria =
        DjlModels.criteria(file, long[][].class, long[][].class)
            .optArgument("length", 20)
            .optArgument("seed", 7)
            .optArgument(name, value)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      return predictor.predict(new long[][] {{1}})[0];
    }
  }

  @Test
  void aHostileModelIsRefusedBeforeDjlLoadsIt() throws Exception {
    // A metadata entry with the key "a\0b" and the value "c", in Protobuf's encoding.
    Files.writeString(file, "r\b\n\3a\0b\22\1c");
    var e =
        assertThrows(
            ModelException.class, () -> DjlModels.criteria(file, NDList.class, NDList.class));
    assertEquals(file + ": the text 'a?b' contains a NUL character", e.getMessage());
  }

  @Test
  void djlAndTheRuntimeShareOneEnvironmentOffline() throws Exception {
    export(BASE, GraphRequest.main());
    try (var first = OnnxModel.load(file);
        var second = Model.newInstance("model", "OnnxRuntime")) {
      second.load(folder);
      assertEquals(1, first.signature().inputs().size());
      assertEquals(1, second.getBlock().describeInput().size());
    }
    assertEquals("true", System.getProperty("ai.djl.offline"));
    assertEquals("true", System.getProperty("OPT_OUT_TRACKING"));
  }
}
