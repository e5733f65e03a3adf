package ai.transonnx.runtime;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.format.MetadataKey;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BatchedLoopTest {
  @TempDir private Path folder;

  private OnnxModel model(String ragged) {
    return OnnxModel.load(TinyModels.stateful().metadata("transonnx.ragged", ragged).write(folder));
  }

  @Test
  void eachRowContinuesFromItsOwnPosition() {
    try (var model = model("true");
        var two = TokenLoop.of(model, 2);
        var one = TokenLoop.of(model)) {
      two.feed(1, 2, 3, 4);
      one.feed(5, 6, 7);
      try (var batched = BatchedLoop.of(List.of(two, one), 9).orElseThrow()) {
        assertEquals(3, batched.batch());
        assertEquals(TinyModels.next(5, 6, 7), argmax(batched, 2));
        batched.feed(new long[] {8, 9, 10}, new Cancellation());
        assertEquals(TinyModels.next(1, 2, 8), argmax(batched, 0));
        assertEquals(TinyModels.next(3, 4, 9), argmax(batched, 1));
        assertEquals(TinyModels.next(5, 6, 7, 10), argmax(batched, 2));
      }
      one.feed(1);
      assertEquals(TinyModels.next(5, 6, 7, 1), argmax(one, 0));
    }
  }

  private static long argmax(TokenRows rows, int row) {
    var logits = new float[TinyModels.V];
    rows.logits(row, logits);
    int best = 0;
    for (int i = 1; i < logits.length; i++) {
      best = logits[i] > logits[best] ? i : best;
    }
    return best;
  }

  @Test
  void aFailedFeedLeavesTheRowsUnchanged() {
    var tiny =
        TinyModels.failing()
            .metadata(MetadataKey.RAGGED, "true")
            .metadata(MetadataKey.GROUP_SIZE, "3");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model);
        var other = TokenLoop.of(model)) {
      loop.feed(1, 2);
      other.feed(3, 4, 5, 6);
      try (var batched = BatchedLoop.of(List.of(loop, other), 1).orElseThrow()) {
        var cancellation = new Cancellation();
        long[] fatal = {7, TinyModels.FATAL};
        assertThrows(RunException.class, () -> batched.feed(fatal, cancellation));
        assertEquals(TinyModels.next(1, 2), argmax(batched, 0));
        batched.feed(new long[] {7, 8}, cancellation);
        assertEquals(TinyModels.next(1, 2, 7), argmax(batched, 0));
        assertEquals(TinyModels.next(3, 4, 5, 6, 8), argmax(batched, 1));
      }
    }
  }

  @Test
  void aModelThatIsNotRaggedIsNotBatched() {
    try (var model = model("false");
        var loop = TokenLoop.of(model)) {
      loop.feed(1);
      assertTrue(BatchedLoop.of(List.of(loop, loop), 1).isEmpty());
    }
  }

  @Test
  void onlyLoopsOfOneModelThatHaveBeenFedBecomeOneBatch() {
    try (var model = model("true");
        var other = model("true");
        var fed = TokenLoop.of(model);
        var unfed = TokenLoop.of(model);
        var foreign = TokenLoop.of(other)) {
      fed.feed(1);
      foreign.feed(1);
      for (var loops : List.of(List.of(fed, unfed), List.of(fed, foreign), List.<TokenLoop>of())) {
        var thrown = assertThrows(RequestException.class, () -> BatchedLoop.of(loops, 1));
        assertEquals(
            "only loops over one model that have been fed can become one batch",
            thrown.getMessage());
      }
    }
  }

  @Test
  void rowsTakeNoMoreTokensThanTheyWereBatchedFor() {
    var tiny =
        TinyModels.stateful()
            .metadata(MetadataKey.RAGGED, "true")
            .metadata(MetadataKey.MAX_LENGTH, "4");
    try (var model = OnnxModel.load(tiny.write(folder));
        var loop = TokenLoop.of(model);
        var other = TokenLoop.of(model)) {
      loop.feed(1, 2);
      other.feed(3);
      assertTrue(BatchedLoop.of(List.of(loop, other), 3).isEmpty());
      assertThrows(RequestException.class, () -> BatchedLoop.of(List.of(loop, other), 0));
      try (var batched = BatchedLoop.of(List.of(loop, other), 2).orElseThrow()) {
        var cancellation = new Cancellation();
        batched.feed(new long[] {4, 5}, cancellation);
        batched.feed(new long[] {6, 7}, cancellation);
        var thrown =
            assertThrows(
                RequestException.class, () -> batched.feed(new long[] {8, 9}, cancellation));
        assertEquals(
            "these rows have been fed all the tokens that they were batched for; batch them for more",
            thrown.getMessage());
        assertEquals(TinyModels.next(1, 2, 4, 6), argmax(batched, 0));
      }
    }
  }

  @Test
  void eachRowTakesOneTokenOfTheVocabulary() {
    try (var model = model("true");
        var loop = TokenLoop.of(model, 2)) {
      loop.feed(1, 2);
      var batched = BatchedLoop.of(List.of(loop), 1).orElseThrow();
      var cancellation = new Cancellation();
      assertThrows(RequestException.class, () -> batched.feed(new long[] {1}, cancellation));
      assertThrows(TokenException.class, () -> batched.feed(new long[] {1, 11}, cancellation));
      assertThrows(
          TokenException.class, () -> batched.feed(new long[][] {{1}, {11}}, cancellation));
      assertThrows(
          RequestException.class, () -> batched.feed(new long[][] {{1, 2}, {}}, cancellation));
      batched.feed(new long[][] {{1}, {2}}, cancellation);
      assertEquals(TinyModels.next(1, 1), argmax(batched, 0));
      assertThrows(RequestException.class, () -> batched.logits(2, new float[TinyModels.V]));
      batched.close();
      assertThrows(ClosedException.class, () -> batched.feed(new long[] {1, 2}, cancellation));
    }
  }
}
