package ai.transonnx.golden;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.Comparison;
import java.time.Duration;

/**
 * Feeds and rewinds that a deadline interrupts at any operator leave the loop unchanged: it
 * continues like a loop without the interrupted call. The assertions hold wherever the deadline
 * strikes.
 */
record InterruptedFeeds(OnnxModel model, CaseLoops loops) {
  /** The length of the sequence that is fed. */
  static final int LENGTH = 360;

  private static final int DEADLINES = 5;
  private static final int FED = 3;

  /** Interrupts feeds within the context window, beyond it, and with a sliding window. */
  void assertUndone() {
    int window = model.metadata().maxLength().orElse(LENGTH / 2);
    for (int end : new int[] {window, 2 * window}) {
      assertUndone(FED, Math.max(end, FED + 1), ContextOverflow.RECOMPUTE);
    }
    if (model.metadata().fixedWindow().isEmpty()) {
      assertUndone(FED, LENGTH, ContextOverflow.SLIDE);
    }
  }

  /**
   * Interrupts feeds.
   *
   * @param fed the number of positions that were fed before
   * @param end the number of positions after a complete feed
   */
  void assertUndone(int fed, int end, ContextOverflow overflow) {
    try (var undisturbed = loops.start(overflow);
        var whole = loops.start(overflow)) {
      undisturbed.feed(0, fed, new Cancellation());
      var before = undisturbed.out();
      undisturbed.feed(0, 1, new Cancellation());
      whole.feed(0, fed, new Cancellation());
      long start = System.nanoTime();
      whole.feed(fed, end, new Cancellation());
      long time = System.nanoTime() - start;
      for (int i = 1; i <= DEADLINES; i++) {
        var deadline = Duration.ofNanos(time * i / DEADLINES);
        try (var loop = loops.start(overflow)) {
          loop.feed(0, fed, new Cancellation());
          if (isInterrupted(() -> loop.feed(fed, end, Cancellation.after(deadline)))) {
            var feed = "from %s to %s, %s".formatted(fed, end, overflow);
            assertEquals(fed, loop.position(), feed);
            assertSame("before the feed " + feed, before, loop.out());
            loop.feed(0, 1, new Cancellation());
            assertSame("after the feed " + feed, undisturbed.out(), loop.out());
          } else {
            assertRewindUndone(loop, whole, deadline);
          }
        }
      }
    }
  }

  /** Interrupts a rewind that recomputes the window. */
  private static void assertRewindUndone(
      CaseLoops.Loop loop, CaseLoops.Loop undisturbed, Duration time) {
    int end = (int) loop.position();
    if (isInterrupted(() -> loop.rewind(end - 1, Cancellation.after(time)))) {
      assertEquals(end, loop.position());
      loop.feed(0, 1, new Cancellation());
      if (undisturbed.position() == end) {
        undisturbed.feed(0, 1, new Cancellation());
      }
      assertSame("after a rewind from " + end, undisturbed.out(), loop.out());
    }
  }

  private static boolean isInterrupted(Runnable call) {
    try {
      call.run();
      return false;
    } catch (CancelledException e) {
      return true;
    }
  }

  private static void assertSame(String name, Tensor expected, Tensor actual) {
    var comparison = Comparison.of(name, expected, actual);
    assertTrue(comparison.agrees(), comparison.description());
  }
}
