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
 * Feeds, and ways back, that deadlines end anywhere between the first operator and the last: the
 * loop is as it was before, and goes on as one that never was to do this. Where a call ends is a
 * matter of time; what holds then is not.
 */
record EndedFeeds(OnnxModel model, CaseLoops loops) {
  /** The positions of the sequence that are fed. */
  static final int LENGTH = 360;

  private static final int DEADLINES = 5;
  private static final int FED = 3;

  /**
   * Feeds to loops that have been fed little: in the window, beyond it, and with all that is kept.
   */
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
   * Feeds to loops.
   *
   * @param fed how many positions they have been fed before
   * @param end how many if none ended early
   */
  void assertUndone(int fed, int end, ContextOverflow fullWindow) {
    try (var never = loops.start(fullWindow);
        var whole = loops.start(fullWindow)) {
      never.feed(0, fed, new Cancellation());
      var before = never.out();
      never.feed(0, 1, new Cancellation());
      whole.feed(0, fed, new Cancellation());
      long start = System.nanoTime();
      whole.feed(fed, end, new Cancellation());
      long time = System.nanoTime() - start;
      for (int i = 1; i <= DEADLINES; i++) {
        var deadline = Duration.ofNanos(time * i / DEADLINES);
        try (var loop = loops.start(fullWindow)) {
          loop.feed(0, fed, new Cancellation());
          if (ends(() -> loop.feed(fed, end, Cancellation.after(deadline)))) {
            var feed = "from %s to %s, %s".formatted(fed, end, fullWindow);
            assertEquals(fed, loop.position(), feed);
            assertSame("before the feed " + feed, before, loop.out());
            loop.feed(0, 1, new Cancellation());
            assertSame("behind the feed " + feed, never.out(), loop.out());
          } else {
            assertWayBackUndone(loop, whole, deadline);
          }
        }
      }
    }
  }

  /** A loop would go back, to where it has to compute its window anew. */
  private static void assertWayBackUndone(
      CaseLoops.Loop loop, CaseLoops.Loop never, Duration time) {
    int end = (int) loop.position();
    if (ends(() -> loop.rewind(end - 1, Cancellation.after(time)))) {
      assertEquals(end, loop.position());
      loop.feed(0, 1, new Cancellation());
      if (never.position() == end) {
        never.feed(0, 1, new Cancellation());
      }
      assertSame("behind a way back from " + end, never.out(), loop.out());
    }
  }

  private static boolean ends(Runnable call) {
    try {
      call.run();
      return false;
    } catch (CancelledException e) {
      return true;
    }
  }

  private static void assertSame(String what, Tensor expected, Tensor actual) {
    var comparison = Comparison.of(what, expected, actual);
    assertTrue(comparison.agrees(), comparison.description());
  }
}
