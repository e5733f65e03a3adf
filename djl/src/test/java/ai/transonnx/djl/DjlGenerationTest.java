package ai.transonnx.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.inference.Predictor;
import ai.djl.translate.TranslateException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationOptions;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.text.ByteText;
import ai.transonnx.verification.CaseChecks;
import ai.transonnx.verification.CaseFolder;
import ai.transonnx.verification.Recording;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Generation with DJL: text, tokens, streams and seeds; nothing leaks if a call fails. */
class DjlGenerationTest extends DjlModelFile {

  private static String generated(Path file, String prompt, int length) {
    try (var model = OnnxModel.load(file)) {
      var text = new ByteText(model.vocabulary().orElseThrow());
      var options = GenerationOptions.builder(length).greedy().build();
      return text.decode(Generator.of(model).generate(text.encode(prompt), options).tokens(0));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void generatedTextEqualsTheGenerators(boolean incremental) throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(incremental).build());
    var criteria =
        DjlModels.criteria(file, String.class, String.class)
            .optArgument("length", 40)
            .optArgument("greedy", true)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      assertEquals(generated(file, PROMPT, 40), predictor.predict(PROMPT));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void promptsOfDifferentLengthsAreContinuedTogether(boolean incremental) throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(incremental).build());
    var criteria =
        DjlModels.criteria(file, long[][].class, long[][].class)
            .optArgument("length", 12)
            .optArgument("greedy", true)
            .build();
    long[][] prompts = {{73, 110, 32}, {65}, {84, 104, 101}, {66, 101}};
    var options = GenerationOptions.builder(12).greedy().build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var loaded = OnnxModel.load(file)) {
      var together = predictor.predict(prompts);
      for (int row = 0; row < prompts.length; row++) {
        assertArrayEquals(
            Generator.of(loaded).generate(prompts[row], options).tokens(0), together[row]);
      }
    }
  }

  @Test
  void aStreamIsClosedWhileAnotherThreadReadsIt() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    var criteria =
        DjlModels.criteria(file, String.class, TextStream.class)
            .optArgument("length", 100_000)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      for (int i = 0; i < 20; i++) {
        var stream = predictor.predict(PROMPT);
        var begun = new CountDownLatch(3);
        var reader =
            CompletableFuture.runAsync(
                () -> {
                  while (stream.hasNext()) {
                    stream.next();
                    begun.countDown();
                  }
                });
        begun.await();
        stream.close();
        reader.get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void aStreamYieldsTheTextTokenByToken() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    var criteria =
        DjlModels.criteria(file, String.class, TextStream.class)
            .optArgument("length", "30")
            .optArgument("greedy", "true")
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var stream = predictor.predict(PROMPT)) {
      var text = new StringBuilder(stream.next());
      assertEquals(1, text.length());
      stream.forEachRemaining(text::append);
      assertEquals(generated(file, PROMPT, 30), text.toString());
      assertFalse(stream.hasNext());
    }
  }

  @Test
  void aStopTokenEndsTheText() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    String whole = generated(file, PROMPT, 40);
    int stop = whole.charAt(5);
    var criteria =
        DjlModels.criteria(file, String.class, String.class)
            .optArgument("length", 40)
            .optArgument("greedy", true)
            .optArgument("stop", stop)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      assertEquals(whole.substring(0, whole.indexOf(stop)), predictor.predict(PROMPT));
    }
  }

  @Test
  void aStopTextEndsTheTextBeforeIt() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    String whole = generated(file, PROMPT, 40);
    String stop = whole.substring(5, 8);
    for (Object argument : List.of(stop, List.of("never", stop))) {
      var criteria =
          DjlModels.criteria(file, String.class, TextStream.class)
              .optArgument("length", 40)
              .optArgument("greedy", true)
              .optArgument("stopText", argument)
              .build();
      try (var model = criteria.loadModel();
          var predictor = model.newPredictor();
          var stream = predictor.predict(PROMPT)) {
        var text = new StringBuilder();
        stream.forEachRemaining(text::append);
        assertEquals(whole.substring(0, whole.indexOf(stop)), text.toString());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void anEncoderDecoderGeneratesTheRecordedTarget(boolean incremental) throws Exception {
    var folder = CaseFolder.read(GOLDEN.resolve("cases/x-transformers/encoder-decoder-features"));
    var step = folder.step(2);
    folder.export(
        CaseChecks.request(folder, step).toBuilder().incremental(incremental).build(), file);
    try (var recording = Recording.open(folder.tensors())) {
      var expected = recording.output(step, "generated").longs();
      var criteria =
          DjlModels.criteria(file, long[][].class, long[][].class)
              .optArgument("length", expected.length)
              .optArgument("greedy", true)
              .optArgument("start", recording.input(step, "tokens").longs()[0])
              .build();
      try (var model = criteria.loadModel();
          var predictor = model.newPredictor()) {
        long[][] source = {recording.input(step, "src").longs()};
        assertArrayEquals(expected, predictor.predict(source)[0]);
      }
    }
  }

  @Test
  void aFailedCallLeaksNoArrays() throws Exception {
    var folder = CaseFolder.read(GOLDEN.resolve("cases/x-transformers/encoder-decoder-features"));
    folder.export(
        CaseChecks.request(folder, folder.step(2)).toBuilder().incremental(true).batch(1).build(),
        file);
    var criteria =
        DjlModels.criteria(file, long[][].class, long[][].class)
            .optArgument("length", 3)
            .optArgument("start", 1)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      predictor.predict(new long[][] {{4, 5, 6}});
      int before = model.getNDManager().getManagedArrays().size();
      assertThrows(TranslateException.class, () -> predictor.predict(new long[][] {{4}, {5}}));
      assertEquals(before, model.getNDManager().getManagedArrays().size());
      assertTokenRejected(
          predictor, 99, "token 99 at position 1 is not in the vocabulary: 0 to 23");
      assertTokenRejected(predictor, -1, "token -1 at position 1 is negative");
    }
  }

  private static void assertTokenRejected(
      Predictor<long[][], long[][]> predictor, long token, String message) {
    var e =
        assertThrows(
            TranslateException.class, () -> predictor.predict(new long[][] {{4, token, 6}}));
    assertEquals(message, e.getMessage());
  }

  @Test
  void withoutASeedEachPredictionIsDifferent() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    long[][] prompts = {new ByteText(128).encode(PROMPT)};
    var criteria =
        DjlModels.criteria(file, long[][].class, Generation.class)
            .optArgument("length", 40)
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      var first = predictor.predict(prompts);
      var second = predictor.predict(prompts);
      assertNotEquals(text(first.tokens(0)), text(second.tokens(0)));
      var seeded =
          DjlModels.criteria(file, long[][].class, long[][].class)
              .optArgument("length", 40)
              .optArgument("seed", second.seed().orElseThrow())
              .build();
      try (var repeating = seeded.loadModel();
          var repeated = repeating.newPredictor()) {
        assertArrayEquals(second.tokens(0), repeated.predict(prompts)[0]);
      }
    }
  }

  @Test
  void theSeedOfAStreamRepeatsItsText() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    var criteria =
        DjlModels.criteria(file, String.class, TextStream.class).optArgument("length", 40).build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor();
        var stream = predictor.predict(PROMPT)) {
      var text = new StringBuilder();
      stream.forEachRemaining(text::append);
      var seeded =
          DjlModels.criteria(file, String.class, String.class)
              .optArgument("length", 40)
              .optArgument("seed", stream.seed().orElseThrow())
              .build();
      try (var repeating = seeded.loadModel();
          var repeated = repeating.newPredictor()) {
        assertEquals(text.toString(), repeated.predict(PROMPT));
      }
    }
  }

  @Test
  void aStopTokenEndsAGenerationOfUnlimitedLength() throws Exception {
    export(BIBLE, GraphRequest.builder().incremental(true).build());
    String whole = generated(file, PROMPT, 40);
    long[] prompt = new ByteText(128).encode(PROMPT);
    var criteria =
        DjlModels.criteria(file, long[][].class, long[][].class)
            .optArgument("length", Integer.MAX_VALUE)
            .optArgument("greedy", true)
            .optArgument("stop", (int) whole.charAt(5))
            .build();
    try (var model = criteria.loadModel();
        var predictor = model.newPredictor()) {
      long[] tokens = predictor.predict(new long[][] {prompt})[0];
      assertEquals(whole.substring(0, whole.indexOf(whole.charAt(5))), text(tokens));
    }
  }

  private static String text(long... tokens) {
    return new ByteText(128).decode(tokens);
  }
}
