package ai.transonnx.runtime;

import ai.transonnx.runtime.internal.OpenRequests;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the JVM end only between calls of native code. At the end of a JVM, ONNX Runtime frees its
 * environment and the C library its globals; a load or run that still uses them would crash the
 * process. A shutdown hook therefore waits for the calls in progress, for a limited time, and stops
 * new ones. Before that, it waits for the requests of schedulers, which a service ends in a hook of
 * its own.
 */
final class NativeShutdown {
  private static final Logger LOG = LoggerFactory.getLogger(NativeShutdown.class);
  private static final int CALLS = Integer.MAX_VALUE;
  private static final long SECONDS = 20;

  /** Longer than the 30 s that services usually let their requests end. */
  private static final Duration REQUESTS = Duration.ofSeconds(60);

  private static final Semaphore PERMITS = new Semaphore(CALLS, true);

  private NativeShutdown() {}

  /** A call of native code; closing it ends it. */
  static final class Call implements AutoCloseable {
    private Call() {}

    @Override
    public void close() {
      PERMITS.release();
    }
  }

  /** Must run before ONNX Runtime is loaded. */
  static void install() {
    try {
      Runtime.getRuntime()
          .addShutdownHook(new Thread(NativeShutdown::end, "wait for ONNX Runtime"));
    } catch (IllegalStateException e) {
      throw new ClosedException("the JVM shuts down");
    }
  }

  private static void end() {
    try {
      stopCalls();
    } finally {
      LibraryFolder.remove();
    }
  }

  private static void stopCalls() {
    try {
      if (!OpenRequests.awaitNone(REQUESTS)) {
        LOG.warn("requests of a scheduler have not ended within {} s", REQUESTS.toSeconds());
      }
      if (!PERMITS.tryAcquire(CALLS, SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("a call of ONNX Runtime has not ended within {} s", SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /**
   * Starts a call.
   *
   * @throws ClosedException if the JVM shuts down and another hook calls
   */
  static Call enter() {
    if (!tryEnter()) {
      throw new ClosedException("the JVM shuts down");
    }
    return new Call();
  }

  /** Starts a call without waiting; empty if the end of the JVM has stopped calls. */
  static Optional<Call> enterNow() {
    return PERMITS.tryAcquire() ? Optional.of(new Call()) : Optional.empty();
  }

  private static boolean tryEnter() {
    boolean isInterrupted = false;
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    try {
      while (true) {
        try {
          return PERMITS.tryAcquire(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          isInterrupted = true;
        }
      }
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
