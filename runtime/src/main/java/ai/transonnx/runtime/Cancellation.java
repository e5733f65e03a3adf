package ai.transonnx.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A way to end calls early, from any thread: by {@link #cancel}, or when a time is up. It ends once
 * and stays ended; a call that runs meanwhile is stopped between two operators.
 *
 * <pre>{@code
 * var cancellation = Cancellation.after(Duration.ofSeconds(10));
 * model.run(inputs, cancellation); // CancelledException if it takes longer
 * }</pre>
 */
public final class Cancellation {
  private enum Status {
    OPEN,
    CANCELLED,
    EXPIRED
  }

  private final Object lock = new Object();
  private final List<Runnable> stops = new ArrayList<>(1);
  private volatile Status status = Status.OPEN;

  /** A cancellation that ends by itself when {@code time} has passed. */
  public static Cancellation after(Duration time) {
    var cancellation = new Cancellation();
    CompletableFuture.delayedExecutor(time.toNanos(), TimeUnit.NANOSECONDS)
        .execute(() -> cancellation.end(Status.EXPIRED));
    return cancellation;
  }

  /** Ends every call that was given this; has no effect the second time. */
  public void cancel() {
    end(Status.CANCELLED);
  }

  /** Whether this has ended, in either way. */
  public boolean isCancelled() {
    return status != Status.OPEN;
  }

  /** Whether this has ended because its time was up. */
  public boolean isExpired() {
    return status == Status.EXPIRED;
  }

  /**
   * Calls {@code stop} when this ends, at once if it has, until the watch is closed. When the watch
   * is closed, {@code stop} is not running and will not run.
   */
  Watch watch(Runnable stop) {
    synchronized (lock) {
      if (isCancelled()) {
        stop.run();
      } else {
        stops.add(stop);
      }
    }
    return () -> {
      synchronized (lock) {
        stops.remove(stop);
      }
    };
  }

  /** The outcome of a call that this ended. */
  CancelledException exception(Throwable cause) {
    return new CancelledException(isExpired() ? "the time was up" : "cancelled", cause);
  }

  private void end(Status how) {
    synchronized (lock) {
      if (isCancelled()) {
        return;
      }
      status = how;
      stops.forEach(Runnable::run);
      stops.clear();
    }
  }

  /** An open {@link #watch}. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
