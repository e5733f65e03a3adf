package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.embedding.EmbeddingRequest.Row;
import ai.transonnx.runtime.internal.OpenRequests;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The sequences that wait, in order of arrival, and the requests that have not ended. Any thread
 * may add some; one thread takes them.
 */
final class RowQueue {
  private final String model;
  private final long maxOpen;
  private final Deque<Row> waiting = new ArrayDeque<>();
  private final Set<EmbeddingRequest> open = new HashSet<>();
  private long openRows;
  private boolean closed;

  /**
   * An empty queue.
   *
   * @param maxOpen the number of sequences from which on requests are refused
   */
  RowQueue(String model, long maxOpen) {
    this.model = model;
    this.maxOpen = maxOpen;
  }

  /**
   * Adds all sequences of a request.
   *
   * @throws BusyException if too many have not ended
   * @throws ClosedException if the queue is closed
   */
  synchronized void add(EmbeddingRequest request) {
    if (closed) {
      throw new ClosedException(model + ": the scheduler is closed");
    }
    if (openRows >= maxOpen) {
      throw new BusyException(
          "%s: busy: %s texts have not ended, and %s are possible"
              .formatted(model, openRows, maxOpen));
    }
    open.add(request);
    OpenRequests.begin();
    openRows += request.size();
    IntStream.range(0, request.size()).mapToObj(request::row).forEach(waiting::add);
    notifyAll();
  }

  /** Removes a request and those of its sequences that wait; returns whether it was open. */
  synchronized boolean end(EmbeddingRequest request) {
    if (!open.remove(request)) {
      return false;
    }
    OpenRequests.end();
    openRows -= request.size();
    waiting.removeIf(row -> row.request() == request);
    return true;
  }

  /** Waits for a sequence; returns false if the queue is closed and empty. */
  synchronized boolean await() {
    while (waiting.isEmpty() && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        // Only closing ends the scheduler.
      }
    }
    return !waiting.isEmpty();
  }

  /** Removes and returns the sequences that pass. */
  synchronized List<Row> take(Predicate<Row> passes) {
    var taken = new ArrayList<Row>();
    waiting.removeIf(row -> passes.test(row) && taken.add(row));
    return taken;
  }

  /** The requests that have not ended. */
  synchronized List<EmbeddingRequest> open() {
    return List.copyOf(open);
  }

  synchronized int size() {
    return waiting.size();
  }

  /** Refuses later requests. */
  synchronized void close() {
    closed = true;
    notifyAll();
  }
}
