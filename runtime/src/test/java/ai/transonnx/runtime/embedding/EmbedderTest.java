package ai.transonnx.runtime.embedding;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.TinyModel;
import ai.transonnx.runtime.TinyModels;
import ai.transonnx.runtime.TokenException;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class EmbedderTest {
  private static final long[][] TEXTS = {{4, 5, 6}, {8}, {1, 2}, {3, 9, 3}};

  @TempDir private Path folder;

  private OnnxModel load(TinyModel tiny) {
    return OnnxModel.load(tiny.write(folder));
  }

  static Stream<TinyModel> countingModels() {
    return Stream.of(TinyEncoders.withMask(), TinyEncoders.dependingOnPadding());
  }

  @ParameterizedTest
  @MethodSource("countingModels")
  void sequencesOfAnyLengthsHaveTheVectorsOfSingleCalls(TinyModel tiny) {
    try (var model = load(tiny)) {
      var vectors = Embedder.of(model).embed(TEXTS, new Cancellation());
      assertArrayEquals(new float[] {5, 3}, vectors[0]);
      assertArrayEquals(new float[] {8, 1}, vectors[1]);
      assertArrayEquals(new float[] {1.5f, 2}, vectors[2]);
      assertArrayEquals(new float[] {5, 3}, vectors[3]);
    }
  }

  @Test
  void sequencesShareACallIfPaddingChangesNothing() {
    try (var masked = load(TinyEncoders.withMask());
        var depending = load(TinyEncoders.dependingOnPadding());
        var unmasked = load(TinyEncoders.withoutMask())) {
      var call = Embedder.of(masked).newCall(8);
      assertTrue(call.add(3) && call.add(2));
      call = Embedder.of(depending).newCall(8);
      assertTrue(call.add(3));
      assertTrue(call.add(3), "of the same length");
      assertFalse(call.add(2));
      call = Embedder.of(unmasked).newCall(8);
      assertTrue(call.add(3));
      assertFalse(call.add(4));
    }
  }

  @Test
  void callsAreLimited() {
    var call = new CallShape(2, true);
    assertTrue(call.add(100_000), "a single sequence of any length");
    assertFalse(call.add(1));
    call = new CallShape(2, true);
    assertTrue(call.add(4) && call.add(3));
    assertFalse(call.add(4), "rows");
    call = new CallShape(9, true);
    assertTrue(call.add(10));
    assertFalse(call.add(100), "padding");
    call = new CallShape(9, false);
    assertTrue(call.add(2000));
    assertTrue(call.add(2000), "up to 4,096 positions");
    assertFalse(call.add(2000), "positions");
  }

  @Test
  void firstAndLastPositionsAreSelected() {
    try (var model = load(TinyEncoders.withMask())) {
      var first = Embedder.of(model, Pooling.FIRST).embed(TEXTS, new Cancellation());
      assertArrayEquals(new float[] {1, 2}, first[2]);
      var last = Embedder.of(model, Pooling.LAST).embed(TEXTS, new Cancellation());
      assertArrayEquals(new float[] {2, 2}, last[2]);
    }
  }

  @Test
  void aModelThatPoolsHasItsOwnVectors() {
    try (var model = load(TinyEncoders.pooling())) {
      var embedder = Embedder.of(model);
      assertEquals(2, embedder.dimension());
      assertArrayEquals(new float[] {15, 15}, embedder.embed(4, 5, 6));
      var error = assertThrows(RequestException.class, () -> Embedder.of(model, Pooling.FIRST));
      assertTrue(error.getMessage().contains("pools by itself"), error.getMessage());
    }
  }

  @Test
  void normalizedVectorsHaveLengthOne() {
    try (var model = load(TinyEncoders.pooling())) {
      var embedder = Embedder.of(model).normalized();
      float half = (float) Math.sqrt(0.5);
      assertArrayEquals(new float[] {half, half}, embedder.embed(4, 5, 6), 1e-7f);
      assertArrayEquals(new float[] {0, 0}, embedder.embed(0));
    }
  }

  @Test
  void modelsWithoutEmbeddingsAreRefused() {
    try (var model = load(TinyModels.stateless())) {
      var error = assertThrows(ModelException.class, () -> Embedder.of(model));
      assertTrue(error.getMessage().contains("--outputs embeddings"), error.getMessage());
    }
  }

  @Test
  void furtherInputsAreRefused() {
    var tiny = TinyEncoders.withoutMask().input("context", ElementType.FLOAT32, "batch", "m", 2);
    try (var model = load(tiny)) {
      var error = assertThrows(ModelException.class, () -> Embedder.of(model));
      assertTrue(error.getMessage().contains("[context float32"), error.getMessage());
    }
  }

  @Test
  void sequencesAreChecked() {
    var tiny =
        TinyEncoders.withMask()
            .metadata(MetadataKey.MAX_LENGTH, "3")
            .metadata(MetadataKey.NUM_TOKENS.key("tokens"), "10");
    try (var model = load(tiny)) {
      var embedder = Embedder.of(model);
      assertEquals(3, embedder.maxLength());
      var error = assertThrows(RequestException.class, () -> embedder.embed());
      assertTrue(error.getMessage().contains("0 tokens; 1 to 3"), error.getMessage());
      assertThrows(RequestException.class, () -> embedder.embed(1, 2, 3, 4));
      assertThrows(TokenException.class, () -> embedder.embed(10));
    }
  }

  @Test
  void aCancelledCallFails() {
    try (var model = load(TinyEncoders.withMask())) {
      var cancellation = new Cancellation();
      cancellation.cancel();
      var embedder = Embedder.of(model);
      assertThrows(CancelledException.class, () -> embedder.embed(TEXTS, cancellation));
    }
  }

  @Test
  void numbersAreFinite() {
    try (var model = load(TinyEncoders.logarithms())) {
      var embedder = Embedder.of(model);
      var error = assertThrows(RunException.class, () -> embedder.embed(0, 1));
      assertTrue(error.getMessage().contains("not a finite number"), error.getMessage());
    }
  }
}
