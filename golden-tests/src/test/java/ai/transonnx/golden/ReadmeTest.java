package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.djl.DjlModels;
import ai.transonnx.export.ExportRequest;
import ai.transonnx.export.Exporter;
import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.LoopState;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RunLimit;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.tokenshift.TokenShiftGpt;
import ai.transonnx.tokenshift.TokenShiftGptConfig;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the Java of the README and of the guides to the library. */
class ReadmeTest {
  private static final Path WEIGHTS = Path.of("trained/token-shift-gpt/bible/weights.safetensors");

  @TempDir private static Path folder;

  /** Replaces {@code Path.of} in the documents by files of the test. */
  private static Path path(String name) {
    return name.endsWith(".safetensors") ? WEIGHTS : folder.resolve(name);
  }

  @Test
  void theLibraryExportsAndGenerates() {
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder().numTokens(128).dim(128).maxSeqLen(256).depth(4).build());
    Exporter.export(
        ExportRequest.builder(gpt, path("model.safetensors"), path("model.onnx"))
            .graph(GraphRequest.builder().incremental(true).build())
            .build());
    try (var loaded = OnnxModel.load(path("model.onnx"))) {
      var options = GenerationOptions.builder(20).greedy().build();
      long[] tokens = Generator.of(loaded).generate(new long[] {72, 105}, options).tokens(0);
      assertEquals(20, tokens.length);
    }
  }

  @Test
  void aListenerReceivesTokensAndASavedLoopContinues() {
    theLibraryExportsAndGenerates();
    var received = new ArrayList<Long>();
    try (var model = OnnxModel.load(path("model.onnx"))) {
      var request =
          GenerationRequest.builder(
                  new long[][] {{72, 105}}, GenerationOptions.builder(20).greedy().build())
              .listener((row, token) -> received.add(token))
              .build();
      Generator.of(model).generate(request);
      try (var loop = TokenLoop.of(model)) {
        loop.feed(72, 105);
        loop.state().write(path("loop.state"));
      }
      try (var loop = TokenLoop.of(model)) {
        loop.restore(LoopState.read(path("loop.state"), model));
        loop.feed(33); // the third token
        assertEquals(3, loop.position());
      }
    }
    assertEquals(20, received.size());
  }

  @Test
  void textsAreContinued() {
    theLibraryExportsAndGenerates();
    try (var model = OnnxModel.load(path("model.onnx"));
        var tokenizer = Tokenizers.of(model)) {
      var options = GenerationOptions.builder(100).stopTexts(List.of("the end")).build();
      var prompts = List.of("Once upon", "In the beginning");
      var request = GenerationRequest.builder(tokenizer, prompts, options).build();
      String text = Generator.of(model).generate(request).text(0);
      assertTrue(text.length() > 20, text);
    }
  }

  @Test
  void aServiceRunsAndScores() {
    var gpt =
        new TokenShiftGpt(
            TokenShiftGptConfig.builder().numTokens(128).dim(128).maxSeqLen(256).depth(4).build());
    Exporter.export(gpt, WEIGHTS, path("logits.onnx"));
    var options = ModelOptions.builder().runLimit(RunLimit.of(2, 100)).build();
    try (var model = OnnxModel.load(path("logits.onnx"), options)) {
      var inputs = Map.of("tokens", Tensor.ofLongs(new long[] {72, 105}, 1, 2));
      var deadline = Cancellation.after(Duration.ofSeconds(10));
      Tensor logits = model.run(inputs, Set.of("logits"), deadline).get("logits"); // [1, 2, V]
      double bits = Scorer.of(model).bitsPerToken(72, 105, 33);
      assertArrayEquals(new long[] {1, 2, 128}, logits.shape());
      assertTrue(bits > 0 && bits < 30, () -> bits + " bits");
    } catch (BusyException | DeadlineException e) {
      System.err.println("try again later: " + e.getMessage());
      throw e;
    }
  }

  @Test
  void djlContinuesText() throws Exception {
    theLibraryExportsAndGenerates();
    var criteria =
        DjlModels.criteria(path("model.onnx"), String.class, String.class)
            .optArgument("length", 20)
            .optArgument("greedy", true)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      String text = predictor.predict("In the beginning");
      assertEquals(20, text.length());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"README.md", "docs/java.md", "docs/djl.md"})
  void theDocumentsShowTheSameLines(String document) throws IOException {
    new DocumentedCode(Path.of("..").resolve(document)).assertRunBy(ReadmeTest.class);
  }
}
