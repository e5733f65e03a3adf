package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.TokenListener;
import ai.transonnx.runtime.generation.TokenLogProbability;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Passes the tokens and the result of one request to its listener and its task, in order, by an
 * executor: the thread that computes never waits for it. When the listener throws, the request is
 * cancelled and fails with that exception.
 */
final class Delivery implements TokenListener {
  private final TokenListener listener;
  private final GenerationTask task;
  private final Cancellation cancellation;
  private final Executor executor;
  private final Runnable ended;
  private final Deque<Runnable> events = new ArrayDeque<>(); // guarded by itself
  private boolean runs; // guarded by events
  private final AtomicBoolean completed = new AtomicBoolean();
  private volatile @Nullable Throwable failure;

  /**
   * A delivery without events.
   *
   * @param ended is called once, before the task is complete
   */
  Delivery(
      TokenListener listener,
      GenerationTask task,
      Cancellation cancellation,
      Executor executor,
      Runnable ended) {
    this.listener = listener;
    this.task = task;
    this.cancellation = cancellation;
    this.executor = executor;
    this.ended = ended;
  }

  @Override
  public void onToken(int row, long token) {
    add(() -> call(() -> listener.onToken(row, token)));
  }

  @Override
  public void onLogProbabilities(
      int row, TokenLogProbability selected, List<TokenLogProbability> most) {
    add(() -> call(() -> listener.onLogProbabilities(row, selected, most)));
  }

  @Override
  public void onText(int row, String text) {
    add(() -> call(() -> listener.onText(row, text)));
  }

  @Override
  public void onRecomputing(String reason) {
    add(() -> call(() -> listener.onRecomputing(reason)));
  }

  /** Completes the task after all events so far. */
  void complete(Generation result) {
    end(() -> complete(result, failure));
  }

  /** Fails the task after all events so far. */
  void fail(Throwable reason) {
    end(() -> complete(null, failure == null ? reason : failure));
  }

  private void complete(@Nullable Generation result, @Nullable Throwable reason) {
    if (completed.getAndSet(true)) {
      return;
    }
    ended.run();
    if (reason != null) {
      task.future().completeExceptionally(reason);
    } else {
      task.future().complete(result);
    }
  }

  private void call(Runnable event) {
    if (failure == null) {
      try {
        event.run();
      } catch (RuntimeException | Error e) {
        stop(e);
      }
    }
  }

  private void stop(Throwable reason) {
    failure = reason;
    cancellation.cancel();
  }

  private void add(Runnable event) {
    synchronized (events) {
      events.add(event);
      if (runs) {
        return;
      }
      runs = true;
    }
    try {
      executor.execute(this::run);
    } catch (RuntimeException e) { // The executor is closed, or takes no more.
      stop(e);
      synchronized (events) {
        events.clear();
        runs = false;
      }
    }
  }

  private void end(Runnable completion) {
    add(completion);
    synchronized (events) {
      if (runs) {
        return;
      }
    }
    completion.run(); // No effect if it has run.
  }

  private void run() {
    while (true) {
      Runnable event;
      synchronized (events) {
        event = events.poll();
        if (event == null) {
          runs = false;
          return;
        }
      }
      event.run();
    }
  }
}
