package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.StateMemory;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.verification.Comparison;
import java.util.List;

/** Loops with reserved memory, which earlier ones have used, have the logits of other loops. */
record ReservedLoops(OnnxModel model, CaseLoops loops) {
  private static final List<Integer> FEEDS = List.of(2, 1, 3, 1);

  void assertEqualOthers() {
    var memory = new StateMemory();
    for (int positions : List.of(20, 3, 1)) {
      try (var reserved = builder().reserve(memory, positions).build();
          var other = builder().build()) {
        assertEqualFeeds(reserved, other);
        reserved.reset();
        other.reset();
        assertEqualFeeds(reserved, other);
      }
    }
    try (var reserved = builder().reserve(memory, 20).build();
        var other = builder().build()) {
      var cancelled = new Cancellation();
      cancelled.cancel();
      assertThrows(CancelledException.class, () -> reserved.feed(loops.tokens(1), cancelled));
      assertEqualFeeds(reserved, other);
    }
  }

  private TokenLoop.Builder builder() {
    return TokenLoop.builder(model).inputs(loops.others());
  }

  private void assertEqualFeeds(TokenLoop reserved, TokenLoop other) {
    for (int length : FEEDS) {
      long[] next = loops.tokens(Math.min(length, model.metadata().longestCall()));
      reserved.feed(next);
      other.feed(next);
      assertEqualLogits(reserved, other);
    }
    try (var fork = reserved.fork()) {
      assertEqualLogits(fork, other);
    }
  }

  private static void assertEqualLogits(TokenLoop reserved, TokenLoop other) {
    var expected = new float[other.vocabulary()];
    var actual = new float[reserved.vocabulary()];
    other.logits(0, expected);
    reserved.logits(0, actual);
    var comparison =
        Comparison.of(
            "logits",
            Tensor.ofFloats(expected, 1, expected.length),
            Tensor.ofFloats(actual, 1, actual.length));
    assertTrue(comparison.agrees(), comparison::description);
  }
}
