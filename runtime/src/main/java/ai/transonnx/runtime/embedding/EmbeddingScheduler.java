package ai.transonnx.runtime.embedding;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.embedding.EmbeddingRequest.Row;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Computes embeddings for many callers with one model. Sequences of different requests share calls,
 * as those of one request do ({@link Embedder}). Any thread may submit requests; they are computed
 * in order of arrival, except that a later sequence may fill an earlier call.
 *
 * <pre>{@code
 * try (var scheduler = EmbeddingScheduler.of(Embedder.of(model))) {
 *   long[][] texts = {{72, 105, 33}, {72, 105}};
 *   float[][] vectors = scheduler.submit(texts, new Cancellation()).join();
 * }
 * }</pre>
 *
 * <p>One thread computes. An error in one request has no effect on others: a call that fails is
 * repeated with the first and with the last half of its rows.
 *
 * <p>At the end of the JVM, open requests continue for up to a minute, so that a shutdown hook of
 * the program can wait for them, or end them with {@link #closeNow}.
 */
public final class EmbeddingScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingScheduler.class);

  private final Embedder embedder;
  private final EmbeddingLimits limits;
  private final EmbeddingMetrics metrics;
  private final RowQueue queue;
  private final Cancellation shutdown = new Cancellation();
  private final Thread thread;
  private volatile int computing;

  private EmbeddingScheduler(Embedder embedder, EmbeddingLimits limits, EmbeddingMetrics metrics) {
    this.embedder = embedder;
    this.limits = limits;
    this.metrics = metrics;
    this.queue = new RowQueue(embedder.file(), limits.maxOpen());
    this.thread = new Thread(this::run, "transonnx-embeddings");
    thread.setDaemon(true);
  }

  /** A scheduler with {@link EmbeddingLimits#defaults}, without metrics. */
  public static EmbeddingScheduler of(Embedder embedder) {
    return of(embedder, EmbeddingLimits.defaults(), new EmbeddingMetrics() {});
  }

  /** A scheduler. The model stays open, and must not be closed before the scheduler. */
  public static EmbeddingScheduler of(
      Embedder embedder, EmbeddingLimits limits, EmbeddingMetrics metrics) {
    var scheduler = new EmbeddingScheduler(embedder, limits, metrics);
    scheduler.thread.start();
    return scheduler;
  }

  /**
   * Submits the sequences of a request, and returns at once.
   *
   * @return the vector of each sequence, in a future that the thread that computes completes; it
   *     fails with a {@link ai.transonnx.runtime.CancelledException} if {@code cancellation} ends
   *     the request, a {@link ai.transonnx.runtime.DeadlineException} if its deadline passed, or
   *     with the exception of the computation. A call that several requests share is not stopped.
   * @throws RequestException if there is no sequence, one is empty or too long, or a token is not
   *     in the vocabulary
   * @throws BusyException if as many sequences as possible have not ended
   * @throws ai.transonnx.runtime.ClosedException if the scheduler is closed
   */
  public CompletableFuture<float[][]> submit(long[][] sequences, Cancellation cancellation) {
    if (sequences.length == 0) {
      throw new RequestException("there is no sequence; give one or more");
    }
    embedder.check(sequences);
    var request = new EmbeddingRequest(sequences, cancellation.child());
    try {
      queue.add(request);
    } catch (BusyException e) {
      report(() -> metrics.onRejected(request.size()));
      throw e;
    }
    return request.future();
  }

  /** The sequences at this time. */
  public EmbeddingStatus status() {
    return new EmbeddingStatus(queue.size(), computing);
  }

  private void run() {
    while (queue.await()) {
      queue.open().forEach(this::endIfCancelled);
      var call = embedder.newCall(limits.maxRows());
      var rows = queue.take(row -> call.add(row.tokens().length));
      computing = rows.size();
      compute(rows);
      computing = 0;
    }
  }

  private void endIfCancelled(EmbeddingRequest request) {
    try {
      request.cancellation().check(embedder.file());
    } catch (RuntimeException e) {
      fail(request, e);
    }
  }

  private void compute(List<Row> rows) {
    if (rows.isEmpty()) {
      return; // All were cancelled.
    }
    long start = System.nanoTime();
    try {
      var vectors = embedder.call(rows.stream().map(Row::tokens).toList(), cancellation(rows));
      var time = Duration.ofNanos(System.nanoTime() - start);
      report(() -> metrics.onCall(rows.size(), positions(rows), time));
      for (int i = 0; i < vectors.length; i++) {
        var row = rows.get(i);
        if (row.request().add(row.index(), vectors[i])) {
          finish(row.request());
        }
      }
    } catch (RuntimeException | Error e) {
      if (rows.size() == 1 || cancellation(rows).isCancelled()) {
        rows.forEach(row -> fail(row.request(), e));
      } else {
        int half = rows.size() / 2;
        compute(rows.subList(0, half));
        compute(rows.subList(half, rows.size()));
      }
    }
  }

  /** That of the request, if all rows have the same. */
  private Cancellation cancellation(List<Row> rows) {
    var first = rows.get(0).request();
    return rows.stream().allMatch(row -> row.request() == first) ? first.cancellation() : shutdown;
  }

  private static long positions(List<Row> rows) {
    int longest = rows.stream().mapToInt(row -> row.tokens().length).max().orElse(0);
    return (long) rows.size() * longest;
  }

  private void finish(EmbeddingRequest request) {
    if (queue.end(request)) {
      report(() -> metrics.onFinished(request.size(), request.tokens(), request.age()));
      request.future().complete(request.vectors());
    }
  }

  private void fail(EmbeddingRequest request, Throwable failure) {
    if (queue.end(request)) {
      report(() -> metrics.onFailed(request.size(), failure));
      request.future().completeExceptionally(failure);
    }
  }

  private static void report(Runnable report) {
    try {
      report.run();
    } catch (RuntimeException e) {
      LOG.warn("the metrics of a scheduler failed", e);
    }
  }

  /**
   * Refuses later requests, and waits until all others have ended. If the thread is interrupted,
   * they end at once, and its interrupt status stays set. A second close has no effect.
   */
  @Override
  public void close() {
    queue.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      closeNow();
      Thread.currentThread().interrupt();
    }
  }

  /** Refuses later requests, and cancels all others: a call that runs is stopped. Waits for it. */
  public void closeNow() {
    queue.close();
    queue.open().forEach(request -> request.cancellation().cancel());
    shutdown.cancel();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
