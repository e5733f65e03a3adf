package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.BatchedLoop;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.verification.Comparison;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Rows of a batch at different positions have the logits of the same loops alone. */
record BatchedRows(OnnxModel model, CaseLoops loops) {
  private static final int STEPS = 5;

  void assertEqualSingleRows() {
    int window = model.metadata().longestCall();
    int steps = Math.min(STEPS, window - 1);
    int longest = window - steps;
    var lengths = Stream.of(7, 1, 4).map(n -> Math.min(n, longest)).toList();
    var alone = new ArrayList<TokenLoop>();
    try {
      for (int length : lengths) {
        var loop = TokenLoop.builder(model).inputs(loops.others()).build();
        alone.add(loop);
        loop.feed(loops.tokens(length));
      }
      var batched = BatchedLoop.of(alone, steps);
      assertEquals(model.metadata().ragged(), batched.isPresent());
      if (batched.isPresent()) {
        assertEqualSingleRows(batched.get(), alone, steps);
      }
    } finally {
      alone.forEach(TokenLoop::close);
    }
  }

  private void assertEqualSingleRows(BatchedLoop batched, List<TokenLoop> alone, int steps) {
    try (batched) {
      for (int step = 0; step < steps; step++) {
        for (int row = 0; row < alone.size(); row++) {
          var expected = new float[batched.vocabulary()];
          var actual = new float[batched.vocabulary()];
          alone.get(row).logits(0, expected);
          batched.logits(row, actual);
          var comparison = Comparison.of("logits", tensor(expected), tensor(actual));
          assertTrue(
              comparison.agrees(),
              "row %s, step %s: %s".formatted(row, step, comparison.description()));
          if (step == 0) {
            assertArrayEquals(expected, actual);
          }
        }
        long[] next = loops.tokens(alone.size());
        batched.feed(next, new Cancellation());
        for (int row = 0; row < alone.size(); row++) {
          alone.get(row).feed(next[row]);
          assertFalse(alone.get(row).recomputeReason().isPresent());
        }
      }
    }
  }

  private static Tensor tensor(float[] values) {
    return Tensor.ofFloats(values, 1, values.length);
  }
}
