package ai.transonnx.runtime;

import static ai.transonnx.runtime.Interleavings.explore;
import static ai.transonnx.runtime.Interleavings.threads;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("slow")
class RunGateInterleavingsTest {
  /** A model's gate, and the runs that it has admitted. */
  private static final class Runs {
    private final RunGate gate;
    private final int limit;
    private final AtomicInteger running = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicBoolean rejected = new AtomicBoolean();
    private final AtomicBoolean freed = new AtomicBoolean();

    private Runs(RunLimit limit) {
      this.gate = new RunGate("m", limit);
      this.limit = limit.running();
    }

    private void run() {
      run(new Cancellation());
    }

    private void run(Cancellation cancellation) {
      gate.enter(cancellation);
      runAdmitted();
    }

    private void runAgain() {
      gate.enterAgain(new Cancellation());
      runAdmitted();
    }

    private void runAdmitted() {
      assertTrue(running.incrementAndGet() <= limit, "more runs than the limit");
      assertFalse(freed.get(), "a run of a model that is freed");
      running.decrementAndGet();
      done.incrementAndGet();
      gate.leave();
    }

    /** Runs unless the call is rejected. */
    private void attempt(Cancellation cancellation) {
      try {
        run(cancellation);
      } catch (BusyException | CancelledException | ClosedException e) {
        rejected.set(true);
      }
    }

    private void close() {
      gate.close();
      freed.set(true);
      assertEquals(0, running.get(), "runs in progress after closing");
    }
  }

  @Test
  void runsNeverExceedTheLimitAndAllAreAdmitted() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          threads(runs::run, runs::run);
          assertEquals(2, runs.done.get());
        });
  }

  @Test
  void aWaiterThatIsCancelledLeavesTheQueue() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          var cancellation = new Cancellation();
          runs.gate.enter(new Cancellation());
          threads(() -> runs.attempt(cancellation), cancellation::cancel);
          assertEquals(0, runs.done.get(), "two runs at once");
          runs.gate.leave();
          runs.run();
        });
  }

  @Test
  void aWaiterThatIsCancelledWhileItIsAdmittedPassesItsTurnOn() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          var cancellation = new Cancellation();
          runs.gate.enter(new Cancellation());
          threads(
              () -> runs.attempt(cancellation),
              () -> {
                runs.gate.leave();
                cancellation.cancel();
              });
          runs.run();
        });
  }

  @Test
  void aFullQueueRejectsOnlyWhileARunIsInProgress() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.of(1, 0));
          Runnable attempt = () -> runs.attempt(new Cancellation());
          threads(attempt, attempt);
          assertTrue(runs.done.get() >= 1, "no run was admitted");
          runs.run();
        });
  }

  @Test
  void continuationsAreAdmittedWhenTheQueueIsFull() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.of(1, 0));
          threads(runs::runAgain, runs::runAgain);
          assertEquals(2, runs.done.get());
        });
  }

  @Test
  void closingWaitsForRunsInProgress() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          runs.gate.enter(new Cancellation());
          threads(runs::close, runs::runAdmitted);
        });
  }

  @Test
  void closingFailsWaiters() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          threads(() -> runs.attempt(new Cancellation()), runs::close);
          assertThrows(ClosedException.class, runs::run);
        });
  }

  @Test
  void aWaiterIsNotAdmittedAfterTheModelIsClosed() {
    explore(
        () -> {
          var runs = new Runs(RunLimit.atOnce(1));
          runs.gate.enter(new Cancellation());
          threads(
              () -> runs.attempt(new Cancellation()),
              () -> {
                runs.gate.leave();
                runs.close();
              });
        });
  }
}
