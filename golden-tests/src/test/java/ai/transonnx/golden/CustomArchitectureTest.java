package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.graph.EmitOptions;
import ai.transonnx.graph.Parameter;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the architecture of docs/custom-architectures.md with GPT-2 written as loops. */
class CustomArchitectureTest {
  private static final Gpt2 SMALL = new Gpt2(new Gpt2.Config(11, 12, 8, 2, 2));
  private static final long[] TOKENS = {3, 10, 0, 7, 7, 1, 9};
  private static final DocumentedCode DOCUMENT =
      new DocumentedCode(Path.of("../docs/custom-architectures.md"));

  @TempDir private Path folder;

  private final Gpt2Reference reference = new Gpt2Reference(SMALL.config());

  @BeforeEach
  void writeWeights() {
    reference.write(path("model.safetensors"));
  }

  /** Replaces {@code Path.of} in the document by files of the test. */
  private Path path(String name) {
    return folder.resolve(name);
  }

  private OnnxModel export(GraphRequest graph) {
    var weights = path("model.safetensors");
    var request = ExportRequest.builder(SMALL, weights, path("model.onnx")).graph(graph).build();
    Exporter.export(request);
    return OnnxModel.load(path("model.onnx"));
  }

  private static void assertClose(double[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], actual[i], 3e-5 * Math.max(1, Math.abs(expected[i])));
    }
  }

  private static float[] row(float[] logits, int row) {
    int size = SMALL.config().vocabSize();
    return Arrays.copyOfRange(logits, row * size, (row + 1) * size);
  }

  @ParameterizedTest
  @ValueSource(ints = {EmitOptions.MIN_OPSET, EmitOptions.MAX_OPSET})
  void wholeSequencesHaveTheLogitsOfTheLoops(int opset) {
    var emit = EmitOptions.STANDARD.withOpset(opset);
    try (var model = export(GraphRequest.builder().emit(emit).build())) {
      var tokens = Tensor.ofLongs(TOKENS, 1, TOKENS.length);
      var logits = model.run(Map.of("tokens", tokens)).get("logits").floats();
      var expected = reference.logits(TOKENS);
      for (int t = 0; t < TOKENS.length; t++) {
        assertClose(expected[t], row(logits, t));
      }
    }
  }

  @Test
  void tokensInChunksHaveTheLogitsOfTheWhole() {
    var expected = reference.logits(TOKENS);
    try (var model = export(GraphRequest.builder().incremental(true).build());
        var loop = TokenLoop.of(model)) {
      var logits = new float[SMALL.config().vocabSize()];
      loop.feed(TOKENS[0], TOKENS[1], TOKENS[2]);
      loop.logits(0, logits);
      assertClose(expected[2], logits);
      for (int t = 3; t < TOKENS.length; t++) {
        loop.feed(TOKENS[t]);
        loop.logits(0, logits);
        assertClose(expected[t], logits);
      }
    }
  }

  @Test
  void generatesTheMostLikelyTokens() {
    var gpt = SMALL;
    var decoding = GraphRequest.builder().incremental(true).lastLogits(true).build();
    Exporter.export(
        ExportRequest.builder(gpt, path("model.safetensors"), path("model.onnx"))
            .graph(decoding)
            .build());
    try (var model = OnnxModel.load(path("model.onnx"))) {
      var options = GenerationOptions.builder(5).greedy().build();
      long[] tokens = Generator.of(model).generate(new long[] {3, 10, 0}, options).tokens(0);
      assertArrayEquals(mostLikely(5, 3, 10, 0), tokens);
    }
  }

  private long[] mostLikely(int length, long... prompt) {
    var all = Arrays.copyOf(prompt, prompt.length + length);
    for (int t = prompt.length; t < all.length; t++) {
      var logits = reference.logits(Arrays.copyOf(all, t))[t - 1];
      all[t] =
          IntStream.range(0, logits.length)
              .reduce((best, token) -> logits[token] > logits[best] ? token : best)
              .orElseThrow();
    }
    return Arrays.copyOfRange(all, prompt.length, all.length);
  }

  @Test
  void theTiedTokenEmbeddingIsStoredOnce() {
    var stored =
        SMALL.build(GraphRequest.main()).graph().parameters().stream()
            .map(Parameter::name)
            .filter(name -> name.contains("wte"))
            .toList();
    assertEquals(List.of("wte.weight"), stored);
  }

  @Test
  void theFileNamesTheLibraryAndTheConfiguration() {
    try (var model = export(GraphRequest.main())) {
      assertEquals(Optional.of("gpt-2"), model.metadata().library());
      assertEquals(
          Optional.of(
              "{\"class\":\"GPT2\",\"vocab_size\":11,\"max_length\":12,\"dim\":8,\"depth\":2,"
                  + "\"heads\":2}"),
          model.metadata().config());
    }
  }

  @Test
  void thePublishedModelHasItsParameters() {
    var gpt = new Gpt2(new Gpt2.Config(50257, 1024, 768, 12, 12));
    long parameters =
        gpt.build(GraphRequest.main()).graph().parameters().stream()
            .mapToLong(parameter -> parameter.shape().elements())
            .sum();
    assertEquals(124_439_808, parameters);
  }

  @Test
  void theDocumentHasTheTestedCode() throws IOException {
    var source = Files.readString(Path.of("src/test/java/ai/transonnx/golden/Gpt2.java"));
    var code = source.substring(source.indexOf("import "));
    assertEquals(code, DOCUMENT.blocks("java").get(0));
    DOCUMENT.assertRunBy(Gpt2.class, CustomArchitectureTest.class);
  }
}
