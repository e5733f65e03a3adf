package ai.transonnx.runtime;

import static ai.transonnx.runtime.Interleavings.explore;
import static ai.transonnx.runtime.Interleavings.threads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class CancellationInterleavingsTest {
  /** A call with options that must not be used after it has ended. */
  private static final class Call {
    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicInteger stopped = new AtomicInteger();

    private void stop() {
      assertFalse(ended.get(), "a call is stopped after it has ended");
      stopped.incrementAndGet();
    }

    private void end(Cancellation.Watch watch) {
      watch.close();
      ended.set(true);
    }
  }

  @Test
  void aCallIsNotStoppedAfterItsWatchIsClosed() {
    explore(
        () -> {
          var cancellation = new Cancellation();
          var call = new Call();
          var watch = cancellation.watch(call::stop);
          threads(() -> call.end(watch), cancellation::cancel);
        });
  }

  @Test
  void aCallOfAChildIsNotStoppedAfterItsWatchIsClosed() {
    explore(
        () -> {
          var parent = new Cancellation();
          var call = new Call();
          var watch = parent.child().watch(call::stop);
          threads(() -> call.end(watch), parent::cancel);
        });
  }

  @Test
  void aCallThatBeginsWhileItIsCancelledIsStopped() {
    explore(
        () -> {
          var cancellation = new Cancellation();
          var call = new Call();
          threads(() -> cancellation.watch(call::stop), cancellation::cancel);
          assertEquals(1, call.stopped.get());
        });
  }

  @Test
  void twoThreadsThatCancelStopACallOnce() {
    explore(
        () -> {
          var cancellation = new Cancellation();
          var call = new Call();
          cancellation.watch(call::stop);
          threads(cancellation::cancel, cancellation::cancel);
          assertEquals(1, call.stopped.get());
        });
  }

  @Test
  void theEndOfAParentReachesACallOfItsChildThatBegins() {
    explore(
        () -> {
          var parent = new Cancellation();
          var child = parent.child();
          var call = new Call();
          threads(() -> child.watch(call::stop), parent::cancel);
          assertTrue(call.stopped.get() >= 1, "the call was not stopped");
          assertTrue(child.isCancelled());
        });
  }
}
