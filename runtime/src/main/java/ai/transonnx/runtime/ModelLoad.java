package ai.transonnx.runtime;

import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The load of one model, on a thread of its own, so that its caller can give up. The thread has a
 * stack for graphs that are nested as deeply as the checks of a file allow, whatever the caller
 * has.
 */
final class ModelLoad {
  /** The name of the thread. */
  static final String THREAD = "transonnx-load";

  private static final long STACK = 8L << 20;

  private final Path file;
  private final CompletableFuture<OnnxModel> loaded = new CompletableFuture<>();

  /** Starts to load a model. */
  ModelLoad(Path file, ModelOptions options) {
    this.file = file;
    var thread = new Thread(null, () -> load(options), THREAD, STACK);
    thread.setDaemon(true);
    thread.start();
  }

  private void load(ModelOptions options) {
    try {
      var model = OnnxModel.loadHere(file, options);
      if (!loaded.complete(model)) {
        model.close();
      }
    } catch (RuntimeException | Error e) {
      loaded.completeExceptionally(e);
    }
  }

  /**
   * Waits for the model; its exceptions are those of {@link OnnxModel#load}.
   *
   * @throws CancelledException if {@code cancellation} ends, or the thread is interrupted, before
   */
  OnnxModel await(Cancellation cancellation) {
    var watch = cancellation.watch(() -> loaded.cancel(false));
    try {
      return loaded.get();
    } catch (CancellationException e) {
      throw cancellation.exception(file + ": loading", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      if (!loaded.cancel(false) && !loaded.isCompletedExceptionally()) {
        loaded.join().close();
      }
      throw new CancelledException(file + ": loading: the thread was interrupted", e);
    } catch (ExecutionException e) {
      throw failure(e);
    } finally {
      watch.close();
    }
  }

  private static RuntimeException failure(ExecutionException e) {
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return e.getCause() instanceof RuntimeException failure
        ? failure
        : new IllegalStateException(e);
  }
}
