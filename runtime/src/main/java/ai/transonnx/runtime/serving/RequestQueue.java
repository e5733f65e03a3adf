package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.ClosedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * The requests that wait, in order of arrival, and the number of those that have not ended. Any
 * thread may add some; one thread takes them.
 */
final class RequestQueue {
  private static final long IDLE_MILLISECONDS = 1000;

  private final String model;
  private final int maxOpen;
  private final Deque<Sequence> waiting = new ArrayDeque<>();
  private int open;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param maxOpen the maximum number of requests that have not ended
   */
  RequestQueue(String model, int maxOpen) {
    this.model = model;
    this.maxOpen = maxOpen;
  }

  /**
   * Counts a request that is about to be added.
   *
   * @throws BusyException if there are too many
   * @throws ClosedException if the queue is closed
   */
  synchronized void open() {
    if (closed) {
      throw closed();
    }
    if (open >= maxOpen) {
      throw new BusyException(
          "%s: busy: %s requests have not ended, and %s are possible"
              .formatted(model, open, maxOpen));
    }
    open++;
  }

  /** No longer counts a request. */
  synchronized void release() {
    open--;
  }

  /**
   * Adds a request.
   *
   * @throws ClosedException if the queue is closed
   */
  synchronized void add(Sequence sequence) {
    if (closed) {
      throw closed();
    }
    waiting.add(sequence);
    notifyAll();
  }

  private ClosedException closed() {
    return new ClosedException(model + ": the scheduler is closed");
  }

  /** Refuses later requests. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Waits for a request.
   *
   * @param idle is called once if none comes for a while
   * @return false if the queue is closed and empty
   */
  boolean await(Runnable idle) {
    if (!await(IDLE_MILLISECONDS)) {
      idle.run();
      await(0);
    }
    return size() > 0;
  }

  /** Waits for a request or the end; 0 milliseconds are without a limit. */
  private synchronized boolean await(long milliseconds) {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
    while (waiting.isEmpty() && !closed) {
      long rest = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
      if (milliseconds > 0 && rest <= 0) {
        return false;
      }
      try {
        wait(milliseconds > 0 ? rest : 0);
      } catch (InterruptedException e) {
        // Only closing ends the scheduler.
      }
    }
    return true;
  }

  /** Removes and returns the requests that pass. */
  synchronized List<Sequence> take(Predicate<Sequence> passes) {
    var taken = new ArrayList<Sequence>();
    waiting.removeIf(sequence -> passes.test(sequence) && taken.add(sequence));
    return taken;
  }

  /** Removes and returns the first requests, until one does not pass. */
  synchronized List<Sequence> takeFirst(Predicate<Sequence> passes) {
    var taken = new ArrayList<Sequence>();
    while (!waiting.isEmpty() && passes.test(waiting.element())) {
      taken.add(waiting.remove());
    }
    return taken;
  }

  synchronized int size() {
    return waiting.size();
  }
}
