package ai.transonnx.runtime;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time into a loop, and none once it is closed: what a call works on must not
 * be replaced or freed meanwhile.
 */
final class LoopGuard {
  private final String model;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed;
  private boolean freed; // guarded by lock

  LoopGuard(String model) {
    this.model = model;
  }

  /**
   * Lets this thread in; it calls {@link #leave} afterwards.
   *
   * @throws ClosedException if the loop is closed
   * @throws BusyException if another thread is in
   */
  void enter() {
    boolean isIn = lock.tryLock();
    if (closed) {
      if (isIn) {
        lock.unlock();
      }
      throw new ClosedException(model + ": the loop is closed");
    }
    if (!isIn) {
      throw new BusyException(
          model + ": busy: another thread uses this loop, which belongs to one at a time");
    }
  }

  void leave() {
    lock.unlock();
  }

  /** Does something inside, as {@link #enter} lets it. */
  void run(Runnable work) {
    enter();
    try {
      work.run();
    } finally {
      leave();
    }
  }

  /** Computes something inside, as {@link #enter} lets it. */
  <T> T get(Supplier<T> work) {
    enter();
    try {
      return work.get();
    } finally {
      leave();
    }
  }

  /**
   * Turns away whoever comes later, waits for who is in, then frees; the second time only waits.
   */
  void close(Runnable free) {
    closed = true;
    lock.lock();
    try {
      if (!freed) {
        freed = true;
        free.run();
      }
    } finally {
      lock.unlock();
    }
  }
}
