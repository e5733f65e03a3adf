package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.verification.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Rows that join and leave a batch between its steps have the logits of the same loops alone. */
record JoiningRows(OnnxModel model, CaseLoops loops) {
  private static final int LONGEST = 7;
  private static final int STEPS = 6;

  void assertEqualSingleRows() {
    assertEquals(model.metadata().ragged(), DecodeBatch.obstacle(model).isEmpty());
    int window = model.metadata().longestCall();
    if (!model.metadata().ragged() || window < 3) {
      return;
    }
    var alone = new ArrayList<TokenLoop>(); // in the order of the batch's rows
    var waiting = new ArrayList<TokenLoop>();
    try {
      for (int length : List.of(3, LONGEST, 1, 4)) {
        var loop = TokenLoop.builder(model).inputs(loops.others()).build();
        waiting.add(loop);
        loop.feed(loops.tokens(Math.min(length, window - 1)));
      }
      alone.add(waiting.remove(0));
      try (var batch = DecodeBatch.of(alone.get(0)).orElseThrow()) {
        for (int step = 0; step < STEPS; step++) {
          if (!waiting.isEmpty()) {
            assertTrue(batch.accepts(waiting.get(0)));
            batch.join(waiting.get(0));
            alone.add(waiting.remove(0));
          }
          step(batch, alone, step);
          if (step == 2) {
            leave(batch, alone, 0);
          }
          for (int row = alone.size() - 1; row >= 0; row--) {
            assertEquals(alone.get(row).hasRoom(1), batch.hasRoom(row));
            if (!batch.hasRoom(row)) {
              leave(batch, alone, row);
            }
          }
          if (alone.isEmpty()) {
            return;
          }
        }
      }
    } finally {
      alone.forEach(TokenLoop::close);
      waiting.forEach(TokenLoop::close);
    }
  }

  private static void leave(DecodeBatch batch, List<TokenLoop> alone, int row) {
    batch.leave(row);
    var last = alone.remove(alone.size() - 1);
    if (row < alone.size()) {
      alone.set(row, last).close();
    } else {
      last.close();
    }
  }

  /** Feeds all rows, in one call or in two. */
  private void step(DecodeBatch batch, List<TokenLoop> alone, int step) {
    int rows = alone.size();
    assertEquals(rows, batch.rows());
    long[] next = loops.tokens(rows);
    int split = step % 2 == 0 ? rows : rows - 1;
    feed(batch, alone, next, 0, split);
    feed(batch, alone, next, split, rows);
  }

  private static void feed(
      DecodeBatch batch, List<TokenLoop> alone, long[] next, int from, int to) {
    if (from == to) {
      return;
    }
    batch.feed(
        from, IntStream.range(from, to).mapToLong(row -> next[row]).toArray(), new Cancellation());
    for (int row = from; row < to; row++) {
      var loop = alone.get(row);
      loop.feed(next[row]);
      var expected = new float[loop.vocabulary()];
      var actual = new float[batch.vocabulary()];
      loop.logits(0, expected);
      batch.logits(row, actual);
      var comparison = Comparison.of("logits", tensor(expected), tensor(actual));
      assertTrue(comparison.agrees(), "row %s: %s".formatted(row, comparison.description()));
    }
  }

  private static Tensor tensor(float[] values) {
    return Tensor.ofFloats(values, 1, values.length);
  }
}
