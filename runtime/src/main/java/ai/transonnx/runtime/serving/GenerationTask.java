package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.generation.Generation;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A request that was submitted to a {@link GenerationScheduler}. Threads may share it. */
public final class GenerationTask {
  private final Cancellation cancellation;
  private final Result result = new Result();

  /** A future whose cancellation ends the request. */
  private final class Result extends CompletableFuture<Generation> {
    @Override
    public boolean cancel(boolean mayInterruptIfRunning) {
      boolean cancelled = super.cancel(mayInterruptIfRunning);
      cancellation.cancel();
      return cancelled;
    }
  }

  GenerationTask(Cancellation cancellation) {
    this.cancellation = cancellation;
  }

  /**
   * The result: a generation of one row. It is complete after the listener has received everything,
   * in the thread of the listener. It fails with the exception of the computation, or of the
   * listener. Cancelling it ends the request without a result.
   */
  public CompletableFuture<Generation> future() {
    return result;
  }

  /**
   * Waits for the result.
   *
   * @throws ai.transonnx.runtime.InferenceException if the computation fails
   * @throws RuntimeException if the listener threw it
   * @throws java.util.concurrent.CancellationException if the future was cancelled
   */
  public Generation join() {
    try {
      return result.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e;
    }
  }

  /** Ends the request. Its result has the tokens so far. A second call has no effect. */
  public void cancel() {
    cancellation.cancel();
  }
}
