package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.Generator;
import ai.transonnx.runtime.internal.OpenRequests;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Generates for many callers with one model, by continuous batching (Yu et al., Orca, 2022): all
 * requests share decode steps, which read the weights once for all rows; a request joins between
 * two steps and leaves when it ends. Prompts are computed in chunks between the steps, so that a
 * long one hardly delays the tokens of others. A prompt that begins like an earlier one starts from
 * a kept state. Any thread may submit requests.
 *
 * <pre>{@code
 * try (var scheduler = GenerationScheduler.of(model)) {
 *   var options = GenerationOptions.builder(100).stopTokens(Set.of(2L)).build();
 *   var request = GenerationRequest.builder(new long[][] {{72, 105}}, options).build();
 *   GenerationTask task = scheduler.submit(request);
 *   long[] tokens = task.join().tokens(0);
 * }
 * }</pre>
 *
 * <p>A request has its own selection, seed, stop tokens and texts, length, deadline and listener,
 * and its tokens are those that {@link Generator} selects for it alone, whoever else is there. Only
 * rounding differs: products of several rows, or of a chunk of a prompt, add in another order. It
 * decides where two tokens are almost equally likely; with {@link SchedulerOptions.Builder#exact}
 * it does not. An error in one request has no effect on others.
 *
 * <p>Requests are admitted in order of arrival, up to {@link SchedulerOptions#maxRows}; prompts are
 * computed in that order as well. Rows that cannot share steps are computed in calls of their own:
 * all those of a model without state, of one that processes segments, or of one with a fixed batch
 * size (see {@link DecodeBatch#obstacle}), and those whose context window is full, which recompute
 * it for each token.
 *
 * <p>At the end of the JVM, open requests continue for up to a minute, so that a shutdown hook of
 * the program can wait for them, or end them with {@link #closeNow}.
 *
 * <p>One thread computes. Listeners are called by others, for each request in order, so a slow one
 * delays its own request only, which counts as open until its listener has received everything.
 */
public final class GenerationScheduler implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GenerationScheduler.class);
  private static final long IDLE_SECONDS = 10;

  private final OnnxModel model;
  private final SchedulerMetrics metrics;
  private final RequestQueue queue;
  private final StateBudget budget;
  private final Cancellation shutdown = new Cancellation();
  private final Set<Cancellation> open = ConcurrentHashMap.newKeySet();
  private final Executor listeners;
  private final ExecutorService ownListeners;
  private final Steps steps;
  private final Thread thread;

  private GenerationScheduler(OnnxModel model, SchedulerOptions options) {
    this.model = model;
    this.metrics = new GuardedMetrics(options.metrics());
    int maxOpen =
        (int) Math.min(Integer.MAX_VALUE, (long) options.maxRows() + options.maxWaiting());
    this.queue = new RequestQueue(model.file().toString(), maxOpen);
    this.budget = new StateBudget(model, options.stateMemory());
    this.ownListeners =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "transonnx-listener"));
    this.listeners = options.listenerExecutor().orElse(ownListeners);
    this.steps = new Steps(model, options, metrics, queue, budget, shutdown);
    this.thread = daemon(steps, "transonnx-scheduler");
  }

  private static Thread daemon(Runnable task, String name) {
    var thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  /** A scheduler with {@link SchedulerOptions#defaults}. */
  public static GenerationScheduler of(OnnxModel model) {
    return of(model, SchedulerOptions.defaults());
  }

  /**
   * A scheduler for a loaded model, which stays open and must not be closed before the scheduler.
   *
   * @throws ai.transonnx.runtime.ModelException if the model does not continue tokens
   */
  public static GenerationScheduler of(OnnxModel model, SchedulerOptions options) {
    DecodeBatch.obstacle(model)
        .ifPresent(reason -> LOG.info("{}: rows do not share steps: {}", model.file(), reason));
    var scheduler = new GenerationScheduler(model, options);
    scheduler.thread.start();
    return scheduler;
  }

  /** Submits a request; see {@link #submit(GenerationRequest, Cancellation)}. */
  public GenerationTask submit(GenerationRequest request) {
    return submit(request, new Cancellation());
  }

  /**
   * Submits a request of one prompt, and returns at once. When it is cancelled, or its deadline
   * passes, it ends with its tokens so far, whether it waits or is computed.
   *
   * @throws RequestException if the request has several prompts, a beam search, amateurs or
   *     numbers; if the prompt is empty, or a token is not in the vocabulary. Invalid further
   *     inputs make the task fail.
   * @throws BusyException if as many requests as possible have not ended
   * @throws ai.transonnx.runtime.MemoryLimitException if the state for all tokens of the request is
   *     larger than {@link SchedulerOptions#stateMemory}
   * @throws ai.transonnx.runtime.ClosedException if the scheduler is closed
   */
  public GenerationTask submit(GenerationRequest request, Cancellation cancellation) {
    check(request);
    var own = cancellation.child();
    try {
      queue.open();
    } catch (BusyException e) {
      metrics.onRejected();
      throw e;
    }
    open.add(own);
    OpenRequests.begin();
    try {
      var task = new GenerationTask(own);
      var delivery = new Delivery(request.listener(), task, own, listeners, () -> release(own));
      queue.add(new Sequence(model, request, own, delivery, metrics));
      return task;
    } catch (RuntimeException | Error e) {
      release(own);
      throw e;
    }
  }

  private void release(Cancellation own) {
    open.remove(own);
    queue.release();
    OpenRequests.end();
  }

  private void check(GenerationRequest request) {
    Generator.of(model).check(request);
    if (request.rows() != 1) {
      throw new RequestException(
          "a request of %s prompts; submit a request for each".formatted(request.rows()));
    }
    if (request.options().beams().isPresent()) {
      throw new RequestException(
          "a beam search replaces its rows in each step, so it cannot share steps; use a"
              + " Generator");
    }
    if (request.isContrastive()) {
      throw new RequestException(
          "contrastive decoding computes other models in each step; use a Generator");
    }
    if (model.metadata().numberToken().isPresent()) {
      throw new RequestException("the steps have no numbers of tokens; use a Generator");
    }
    budget.check(
        request.options().contextOverflow(),
        (long) request.prompt(0).length + request.options().length());
  }

  /** The requests and states at this time. */
  public SchedulerStatus status() {
    return steps.status();
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
    ownListeners.shutdown();
  }

  /**
   * Refuses later requests, and ends all others as {@link GenerationTask#cancel} does: a step in
   * progress is stopped between two operators. Waits for it.
   */
  public void closeNow() {
    queue.close();
    open.forEach(Cancellation::cancel);
    shutdown.cancel();
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    ownListeners.shutdown();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
