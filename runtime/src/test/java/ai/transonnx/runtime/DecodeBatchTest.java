package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DecodeBatchTest {
  @TempDir private Path folder;

  private OnnxModel load(TinyModel tiny) {
    return OnnxModel.load(tiny.metadata(MetadataKey.RAGGED, "true").write(folder));
  }

  private static TokenLoop fed(OnnxModel model, long... tokens) {
    var loop = TokenLoop.of(model);
    loop.feed(tokens);
    return loop;
  }

  private static void feed(DecodeBatch batch, int first, long... tokens) {
    batch.feed(first, tokens, new Cancellation());
  }

  private static long argmax(DecodeBatch batch, int row) {
    var logits = new float[TinyModels.V];
    batch.logits(row, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @Test
  void rowsJoinAndLeaveBetweenSteps() {
    try (var model = load(TinyModels.stateful());
        var first = fed(model, 1, 2);
        var second = fed(model, 3);
        var third = fed(model, 4, 5, 6);
        var batch = DecodeBatch.of(first).orElseThrow()) {
      feed(batch, 0, 7);
      assertEquals(TinyModels.next(1, 2, 7), argmax(batch, 0));
      batch.join(second);
      batch.join(third);
      assertEquals(3, batch.rows());
      feed(batch, 0, 8, 9, 10);
      assertEquals(TinyModels.next(1, 2, 7, 8), argmax(batch, 0));
      assertEquals(TinyModels.next(3, 9), argmax(batch, 1));
      assertEquals(TinyModels.next(4, 5, 6, 10), argmax(batch, 2));
      batch.leave(0);
      feed(batch, 0, 1, 2);
      assertEquals(TinyModels.next(4, 5, 6, 10, 1), argmax(batch, 0));
      assertEquals(TinyModels.next(3, 9, 2), argmax(batch, 1));
    }
  }

  @Test
  void partOfTheRowsIsFed() {
    try (var model = load(TinyModels.stateful());
        var first = fed(model, 1);
        var second = fed(model, 2);
        var batch = DecodeBatch.of(first).orElseThrow()) {
      batch.join(second);
      feed(batch, 1, 5);
      assertEquals(TinyModels.next(2, 5), argmax(batch, 1));
      var refusal = assertThrows(RequestException.class, () -> argmax(batch, 0));
      assertEquals("the last call did not feed row 0", refusal.getMessage());
      feed(batch, 0, 6, 7);
      assertEquals(TinyModels.next(1, 6), argmax(batch, 0));
      assertEquals(TinyModels.next(2, 5, 7), argmax(batch, 1));
    }
  }

  @Test
  void aFailedFeedLeavesTheRowsUnchanged() {
    try (var model = load(TinyModels.failing().metadata(MetadataKey.GROUP_SIZE, "3"));
        var first = fed(model, 1, 2);
        var second = fed(model, 3, 4, 5, 6);
        var batch = DecodeBatch.of(first).orElseThrow()) {
      batch.join(second);
      assertThrows(RunException.class, () -> feed(batch, 0, 7, TinyModels.FATAL));
      feed(batch, 0, 7, 8);
      assertEquals(TinyModels.next(1, 2, 7), argmax(batch, 0));
      assertEquals(TinyModels.next(3, 4, 5, 6, 8), argmax(batch, 1));
    }
  }

  @Test
  void aRowWithAFullWindowTakesNoToken() {
    try (var model = load(TinyModels.stateful().metadata(MetadataKey.MAX_LENGTH, "3"));
        var loop = fed(model, 1, 2);
        var full = fed(model, 1, 2, 3);
        var batch = DecodeBatch.of(loop).orElseThrow()) {
      assertFalse(batch.accepts(full));
      assertTrue(DecodeBatch.of(full).isEmpty());
      assertTrue(batch.hasRoom(0));
      feed(batch, 0, 3);
      assertFalse(batch.hasRoom(0));
      var refusal = assertThrows(RequestException.class, () -> feed(batch, 0, 4));
      assertEquals("the context window of row 0 is full", refusal.getMessage());
    }
  }

  @Test
  void otherLoopsDoNotJoin() {
    try (var model = load(TinyModels.stateful());
        var other = load(TinyModels.stateful());
        var loop = fed(model, 1);
        var foreign = fed(other, 1);
        var unfed = TokenLoop.of(model);
        var two = TokenLoop.of(model, 2);
        var batch = DecodeBatch.of(loop).orElseThrow()) {
      two.feed(1, 2);
      assertFalse(batch.accepts(foreign));
      assertThrows(RequestException.class, () -> batch.join(foreign));
      assertThrows(RequestException.class, () -> batch.join(unfed));
      assertThrows(RequestException.class, () -> batch.join(two));
      assertThrows(RequestException.class, () -> DecodeBatch.of(unfed));
      assertEquals(1, batch.rows());
    }
  }

  @Test
  void rowsThatDoNotExistAreRefused() {
    try (var model = load(TinyModels.stateful());
        var loop = fed(model, 1);
        var batch = DecodeBatch.of(loop).orElseThrow()) {
      assertThrows(RequestException.class, () -> feed(batch, 0));
      assertThrows(RequestException.class, () -> feed(batch, 0, 1, 2));
      assertThrows(RequestException.class, () -> batch.leave(1));
      assertThrows(TokenException.class, () -> feed(batch, 0, 11));
      batch.leave(0);
      assertEquals(0, batch.rows());
    }
  }

  @Test
  void modelsWhoseRowsCannotShareStepsHaveAReason() {
    try (var stateless = load(TinyModels.stateless());
        var growing = load(TinyModels.growing());
        var aligned = OnnxModel.load(TinyModels.stateful().write(folder))) {
      assertEquals(
          Optional.of("it was exported without --incremental, so it has no state"),
          DecodeBatch.obstacle(stateless));
      assertEquals(
          Optional.of("the rows of a call are at the same position"),
          DecodeBatch.obstacle(aligned));
      assertEquals(
          Optional.of("the size of its state 'past_all' is not known"),
          DecodeBatch.obstacle(growing));
    }
  }

  @Test
  void aClosedBatchIsNotUsed() {
    try (var model = load(TinyModels.stateful());
        var loop = fed(model, 1)) {
      var batch = DecodeBatch.of(loop).orElseThrow();
      batch.close();
      assertThrows(ClosedException.class, () -> feed(batch, 0, 1));
      batch.close();
    }
  }
}
