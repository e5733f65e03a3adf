package ai.transonnx.runtime;

import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * Lets one thread at a time use a loop, and none after it is closed, so that no buffer is replaced
 * or freed during a call. A second thread fails instead of waiting.
 */
final class LoopLock {
  private final String model;
  private final ReentrantLock lock = new ReentrantLock();
  private volatile boolean closed;
  private boolean freed; // guarded by lock

  LoopLock(String model) {
    this.model = model;
  }

  /**
   * Enters; the caller must {@link #leave} afterwards.
   *
   * @throws ClosedException if the loop is closed
   * @throws BusyException if another thread is inside
   */
  void enter() {
    boolean entered = lock.tryLock();
    if (closed) {
      if (entered) {
        lock.unlock();
      }
      throw new ClosedException(model + ": the loop is closed");
    }
    if (!entered) {
      throw new BusyException(
          model + ": the loop is busy: another thread uses it, and it serves one thread at a time");
    }
  }

  void leave() {
    lock.unlock();
  }

  /** Runs {@code work} inside; fails as {@link #enter} does. */
  void run(Runnable work) {
    enter();
    try {
      work.run();
    } finally {
      leave();
    }
  }

  /** Returns the result of {@code work}, run inside; fails as {@link #enter} does. */
  <T> T get(Supplier<T> work) {
    enter();
    try {
      return work.get();
    } finally {
      leave();
    }
  }

  /** Refuses later calls, waits for the current one, then frees. A second close only waits. */
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
