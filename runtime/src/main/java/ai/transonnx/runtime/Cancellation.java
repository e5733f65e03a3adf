package ai.transonnx.runtime;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Cancels calls from any thread: by {@link #cancel}, or at a deadline. A cancelled object stays
 * cancelled. A call in the wait queue leaves it; a call that runs is stopped between two operators.
 * An interrupt of the calling thread cancels a call that waits, not one that runs; a generation
 * therefore ends between two tokens.
 *
 * <pre>{@code
 * var cancellation = Cancellation.after(Duration.ofSeconds(10));
 * model.run(inputs, outputs, cancellation); // DeadlineException if it takes longer
 * }</pre>
 */
public final class Cancellation {
  private enum Status {
    OPEN,
    CANCELLED,
    EXPIRED
  }

  private static final ScheduledThreadPoolExecutor TIMER = timer();

  private final @Nullable Cancellation parent;
  private final @Nullable Duration time;
  private final long deadline; // by System.nanoTime; unused without a time
  private final AtomicReference<Status> status = new AtomicReference<>(Status.OPEN);
  private final Object lock = new Object();
  private final List<Runnable> stops = new ArrayList<>(1); // guarded by lock

  /** A cancellation without a deadline. */
  public Cancellation() {
    this(null, null);
  }

  private Cancellation(@Nullable Cancellation parent, @Nullable Duration time) {
    this.parent = parent;
    this.time = time;
    this.deadline = time == null ? 0 : System.nanoTime() + nanoseconds(time);
  }

  /** A cancellation whose deadline is {@code time} from now. */
  public static Cancellation after(Duration time) {
    return new Cancellation(null, time);
  }

  /**
   * A cancellation that ends with this one, in the same way, or earlier by its own {@link #cancel},
   * which does not end this one: for one of several calls with a common deadline.
   */
  public Cancellation child() {
    return new Cancellation(this, null);
  }

  /** Cancels every call that uses this object. A second call has no effect. */
  public void cancel() {
    end(Status.CANCELLED);
  }

  /** Whether {@link #cancel} was called or the deadline has passed. */
  public boolean isCancelled() {
    return status() != Status.OPEN;
  }

  /** Whether the deadline passed before {@link #cancel} was called. */
  public boolean isExpired() {
    return status() == Status.EXPIRED;
  }

  /**
   * Calls {@code stop} when this is cancelled, at once if it already is, until the watch is closed.
   * After the watch is closed, {@code stop} neither runs nor will run.
   */
  Watch watch(Runnable stop) {
    return parent == null ? watchThis(stop) : watchBoth(parent, stop);
  }

  private Watch watchBoth(Cancellation other, Runnable stop) {
    var mine = watchThis(stop);
    var others = other.watch(stop);
    return () -> {
      mine.close();
      others.close();
    };
  }

  private Watch watchThis(Runnable stop) {
    synchronized (lock) {
      if (isCancelled()) {
        stop.run();
        return () -> {};
      }
      stops.add(stop);
    }
    // Only calls in progress hold a timer: an unused deadline costs nothing.
    Future<?> alarm = time == null ? null : schedule();
    return () -> {
      if (alarm != null) {
        alarm.cancel(false);
      }
      synchronized (lock) {
        stops.remove(stop);
      }
    };
  }

  /**
   * Checks that this is not cancelled.
   *
   * @param call the beginning of the message, such as the name of a model
   * @throws CancelledException if it is; a {@link DeadlineException} if the deadline has passed
   */
  public void check(String call) {
    if (isCancelled()) {
      throw exception(call, null);
    }
  }

  /** The exception of a call that this cancelled. */
  CancelledException exception(String call, @Nullable Throwable cause) {
    return isExpired()
        ? new DeadlineException("%s: not done within %s".formatted(call, text(limit())), cause)
        : new CancelledException(call + ": cancelled", cause);
  }

  private @Nullable Duration limit() {
    return parent == null ? time : parent.limit();
  }

  private Status status() {
    if (parent != null) {
      status.compareAndSet(Status.OPEN, parent.status());
    }
    if (time != null && deadline - System.nanoTime() <= 0) {
      status.compareAndSet(Status.OPEN, Status.EXPIRED);
    }
    return Objects.requireNonNull(status.get());
  }

  private void end(Status how) {
    status();
    status.compareAndSet(Status.OPEN, how);
    synchronized (lock) {
      stops.forEach(Runnable::run);
      stops.clear();
    }
  }

  private Future<?> schedule() {
    long wait = Math.max(0, deadline - System.nanoTime());
    return TIMER.schedule(() -> end(Status.EXPIRED), wait, TimeUnit.NANOSECONDS);
  }

  private static ScheduledThreadPoolExecutor timer() {
    var timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              var thread = new Thread(task, "transonnx-deadlines");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    return timer;
  }

  /** Limited to 146 years, so that the difference of two times cannot overflow. */
  private static long nanoseconds(Duration time) {
    var longest = Duration.ofNanos(Long.MAX_VALUE / 2);
    return time.compareTo(longest) < 0 ? Math.max(0, time.toNanos()) : longest.toNanos();
  }

  private static String text(@Nullable Duration time) {
    return time == null ? "its time" : time.toMillis() + " ms";
  }

  /** An open {@link #watch}. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
