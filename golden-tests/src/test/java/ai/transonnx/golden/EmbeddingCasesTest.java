package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.InputException;
import ai.transonnx.architecture.GraphRequest;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.embedding.Embedder;
import ai.transonnx.verification.CaseFolder;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The embeddings of a sequence do not depend on those that are computed with it. */
class EmbeddingCasesTest {
  private static final ModelOptions ONE_THREAD = ModelOptions.builder().threads(1).build();
  private static final int[] LENGTHS = {5, 3, 8, 1, 6, 3};

  @TempDir private Path folder;

  /** In some of these cases, embeddings depend on padding that the mask marks. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "cases/x-transformers/encoder",
        "cases/x-transformers/rotary-xpos",
        "cases/x-transformers/shift-tokens-encoder-mask",
        "releases/1.19.0/sparse-topk",
        "releases/2.11.24/orthog-projected-values-both",
      })
  void othersInTheCallChangeNothing(Path path) {
    check(path);
  }

  @Test
  void callsOfFixedSizesArePadded() {
    var encoder = CaseFolder.read(Path.of("cases/x-transformers/encoder-mask"));
    var request = GraphRequest.builder().inputs("tokens", "mask").outputs("embeddings");
    encoder.export(request.build(), folder.resolve("model.onnx"));
    encoder.export(request.batch(2).length(9).build(), folder.resolve("fixed.onnx"));
    try (var model = OnnxModel.load(folder.resolve("model.onnx"), ONE_THREAD);
        var fixed = OnnxModel.load(folder.resolve("fixed.onnx"), ONE_THREAD)) {
      long[][] sequences = {{1, 2, 3}, {4}, {5, 6, 7, 8, 9, 1, 2, 3, 4}};
      var expected = Embedder.of(model).embed(sequences, new Cancellation());
      var vectors = Embedder.of(fixed).embed(sequences, new Cancellation());
      for (int i = 0; i < sequences.length; i++) {
        assertArrayEquals(expected[i], vectors[i], 3e-5f);
      }
    }
  }

  @Tag("slow")
  @TestFactory
  Stream<DynamicTest> othersInTheCallChangeNothingInAnyCase() {
    return Stream.of("cases", "releases")
        .flatMap(cases -> CaseFolder.below(Path.of(cases)).stream())
        .filter(this::export)
        .map(path -> DynamicTest.dynamicTest(path.toString(), () -> check(path)));
  }

  private boolean export(Path path) {
    var request = GraphRequest.builder().inputs("tokens", "mask").outputs("embeddings").build();
    try {
      CaseFolder.read(path).export(request, folder.resolve("model.onnx"));
      return true;
    } catch (InputException e) {
      return false; // The class has no tokens, no mask or no embeddings.
    }
  }

  private void check(Path path) {
    assertTrue(export(path));
    try (var model = OnnxModel.load(folder.resolve("model.onnx"), ONE_THREAD)) {
      var embedder = Embedder.of(model);
      int tokens = embedder.vocabulary().count().orElseThrow();
      var random = new Random(path.hashCode());
      var sequences = new long[LENGTHS.length][];
      for (int i = 0; i < LENGTHS.length; i++) {
        sequences[i] = random.longs(LENGTHS[i], 0, tokens).toArray();
      }
      float[][] together = embedder.embed(sequences, new Cancellation());
      for (int i = 0; i < LENGTHS.length; i++) {
        float[] alone = embedder.embed(sequences[i]);
        float largest = 1;
        for (float x : alone) {
          largest = Math.max(largest, Math.abs(x));
        }
        assertArrayEquals(alone, together[i], 3e-5f * largest, List.of(path, i).toString());
      }
    } catch (ModelException e) {
      assertTrue(
          e.getMessage().matches(".*(several vectors|not floating-point).*"), e.getMessage());
    }
  }
}
