package ai.transonnx.runtime;

import java.util.concurrent.atomic.AtomicReference;
import org.jetbrains.lincheck.Lincheck;

/** Runs a scenario of two threads again and again, each time with other switches between them. */
public final class Interleavings {
  private static final int RUNS = 200;

  private Interleavings() {}

  /**
   * Explores the interleavings of a scenario. A thread that never ends is a failure, as is an
   * exception.
   *
   * @param scenario creates its objects itself, and calls {@link #threads}
   */
  public static void explore(Runnable scenario) {
    Lincheck.runConcurrentTest(RUNS, scenario);
  }

  /** Runs {@code first} in this thread and {@code second} in another, and waits for both. */
  public static void threads(Runnable first, Runnable second) {
    var failure = new AtomicReference<Throwable>();
    var thread =
        new Thread(
            () -> {
              try {
                second.run();
              } catch (RuntimeException | Error e) {
                failure.set(e);
              }
            });
    thread.start();
    first.run();
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts this thread", e);
    }
    if (failure.get() != null) {
      throw new AssertionError(failure.get());
    }
  }
}
