package ai.transonnx.runtime.serving;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;

/** Holds a scheduler after each of its rounds, until a test lets it continue. */
final class StepGate implements SchedulerMetrics {
  /** A round. */
  record Round(int decoded, int prefilled, int waiting) {}

  private final Semaphore reached = new Semaphore(0);
  private final Semaphore passes = new Semaphore(0);
  private final CountDownLatch opened = new CountDownLatch(1);
  private final List<Round> rounds = Collections.synchronizedList(new ArrayList<>());

  @Override
  public void onStep(int decoded, int prefilled, int waiting, Duration time) {
    rounds.add(new Round(decoded, prefilled, waiting));
    reached.release();
    if (opened.getCount() > 0) {
      passes.acquireUninterruptibly();
    }
  }

  /** Waits for the end of the round in progress, or of the next one. */
  void await() {
    try {
      reached.acquire();
    } catch (InterruptedException e) { // The test has taken too long.
      Thread.currentThread().interrupt();
      throw new IllegalStateException("there was no further round", e);
    }
  }

  /** Lets the scheduler make one more round, and waits for its end. */
  void next() {
    passes.release();
    await();
  }

  /** Lets the scheduler make all further rounds. */
  void open() {
    opened.countDown();
    passes.release();
  }

  List<Round> rounds() {
    return List.copyOf(rounds);
  }
}
