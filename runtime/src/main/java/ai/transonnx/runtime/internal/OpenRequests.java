package ai.transonnx.runtime.internal;

import java.time.Duration;

/**
 * The number of requests to schedulers that have not ended, in this JVM. Its end waits for them:
 * the shutdown hook of a service, which runs at the same time as those of this library, lets its
 * open requests end and then closes its schedulers. All methods are thread-safe.
 */
public final class OpenRequests {
  private static final Object LOCK = new Object();

  private static long count; // guarded by LOCK

  private OpenRequests() {}

  /** Counts a request. */
  public static void begin() {
    synchronized (LOCK) {
      count++;
    }
  }

  /** Ends a request that was counted. */
  public static void end() {
    synchronized (LOCK) {
      count--;
      LOCK.notifyAll();
    }
  }

  /**
   * Waits until there is none, or the time is over.
   *
   * @return whether there is none
   */
  public static boolean awaitNone(Duration time) throws InterruptedException {
    long end = System.nanoTime() + time.toNanos();
    synchronized (LOCK) {
      long millis;
      while (count > 0 && (millis = (end - System.nanoTime()) / 1_000_000) > 0) {
        LOCK.wait(millis);
      }
      return count == 0;
    }
  }
}
