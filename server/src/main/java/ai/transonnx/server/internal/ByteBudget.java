package ai.transonnx.server.internal;

import io.vertx.core.Future;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The memory for bodies that are received, or for responses that clients have not read yet. Threads
 * may share it.
 */
public final class ByteBudget {
  private final long most;
  private final AtomicLong used = new AtomicLong();

  /** A budget of a number of bytes. */
  public ByteBudget(long most) {
    this.most = most;
  }

  /** Whether nothing more should be begun. */
  boolean isSpent() {
    return used.get() >= most;
  }

  /** Takes bytes, unless there are not as many; returns whether they were taken. */
  boolean take(int bytes) {
    if (used.addAndGet(bytes) > most) {
      release(bytes);
      return false;
    }
    return true;
  }

  void release(int bytes) {
    used.addAndGet(-bytes);
  }

  /** Counts bytes, even if there are not as many, until they are sent. */
  void count(int bytes, Future<Void> sent) {
    used.addAndGet(bytes);
    sent.onComplete(done -> release(bytes));
  }
}
