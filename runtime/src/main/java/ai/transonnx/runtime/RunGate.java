package ai.transonnx.runtime;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Admits the runs of one model in order of arrival, up to its {@link RunLimit}. Once it is closed,
 * waiting and later runs fail.
 */
final class RunGate {
  private final String model;
  private final RunLimit limit;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition empty = lock.newCondition();
  private final Deque<Turn> queue = new ArrayDeque<>();
  private int running;
  private boolean closed;

  /** An entry of the wait queue. */
  private static final class Turn {
    private final Condition changed;
    private boolean admitted;

    private Turn(Condition changed) {
      this.changed = changed;
    }
  }

  RunGate(String model, RunLimit limit) {
    this.model = model;
    this.limit = limit;
  }

  /**
   * Waits for a turn; the caller must {@link #leave} afterwards.
   *
   * @throws BusyException if the queue is full
   * @throws CancelledException if {@code cancellation} ends, or the thread is interrupted, before
   * @throws ClosedException if the gate is closed before
   */
  void enter(Cancellation cancellation) {
    enter(cancellation, limit.waiting());
  }

  /**
   * Waits for another turn of a loop or generation that has had one, even if the queue is full:
   * otherwise its work would be lost.
   *
   * @throws CancelledException if {@code cancellation} ends, or the thread is interrupted, before
   * @throws ClosedException if the gate is closed before
   */
  void enterAgain(Cancellation cancellation) {
    enter(cancellation, Integer.MAX_VALUE);
  }

  private void enter(Cancellation cancellation, int maxWaiting) {
    cancellation.check(model);
    // An interrupt cancels the call whether or not other runs are in progress.
    if (Thread.currentThread().isInterrupted()) {
      throw interrupted(null);
    }
    Turn turn;
    lock.lock();
    try {
      requireOpen();
      if (running < limit.running() && queue.isEmpty()) {
        running++;
        return;
      }
      if (queue.size() >= maxWaiting) {
        throw new BusyException(
            "%s: busy: %s calls run and %s wait".formatted(model, running, queue.size()));
      }
      turn = new Turn(lock.newCondition());
      queue.add(turn);
    } finally {
      lock.unlock();
    }
    // Watched outside the lock: a cancellation takes its own lock first, then this one.
    var watch = cancellation.watch(() -> wake(turn));
    try {
      await(turn, cancellation);
    } finally {
      watch.close();
    }
  }

  private void await(Turn turn, Cancellation cancellation) {
    lock.lock();
    try {
      while (!turn.admitted) {
        requireOpen();
        cancellation.check(model);
        turn.changed.await();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!turn.admitted) {
        throw interrupted(e);
      }
    } finally {
      if (!turn.admitted) {
        queue.remove(turn);
      }
      lock.unlock();
    }
  }

  private CancelledException interrupted(@Nullable InterruptedException cause) {
    return new CancelledException(model + ": the thread was interrupted before its turn", cause);
  }

  private void wake(Turn turn) {
    lock.lock();
    try {
      turn.changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** Ends a turn, and starts the next. */
  void leave() {
    lock.lock();
    try {
      running--;
      if (!closed && !queue.isEmpty()) {
        var next = queue.remove();
        next.admitted = true;
        running++;
        next.changed.signal();
      }
      if (running == 0) {
        empty.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Fails waiting and later runs, then waits for the runs in progress.
   *
   * @return whether this call closed it; false if it was closed before
   */
  boolean close() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      queue.forEach(turn -> turn.changed.signal());
      while (running > 0) {
        empty.awaitUninterruptibly();
      }
      return first;
    } finally {
      lock.unlock();
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new ClosedException(model + ": the model is closed");
    }
  }
}
