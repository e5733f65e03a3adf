package ai.transonnx.runtime;

import org.jspecify.annotations.Nullable;

/**
 * The number of concurrent runs of one model, and the size of the queue in which further runs wait
 * in order of arrival. When the queue is full, a run fails at once with a {@link BusyException}, so
 * that an overloaded service reports it instead of slowing down. Only the first call of a loop or
 * generation can fail like this; its later calls wait, even if the queue is full.
 *
 * <pre>{@code
 * RunLimit.of(2, 100); // two run, 100 wait; the 103rd fails
 * RunLimit.atOnce(2); // two run; any number wait
 * }</pre>
 */
public final class RunLimit {
  private final int running;
  private final int waiting;

  private RunLimit(int running, int waiting) {
    this.running = running;
    this.waiting = waiting;
  }

  /**
   * {@code running} concurrent runs, and a queue of {@code waiting}.
   *
   * @param running 1 or more
   * @param waiting 0 or more
   * @throws RequestException if {@code running} is not positive or {@code waiting} is negative
   */
  public static RunLimit of(int running, int waiting) {
    if (running < 1 || waiting < 0) {
      throw new RequestException(
          "running is %s and waiting is %s; running must be 1 or more, waiting 0 or more"
              .formatted(running, waiting));
    }
    return new RunLimit(running, waiting);
  }

  /** {@code running} concurrent runs, and a queue without a limit. */
  public static RunLimit atOnce(int running) {
    return of(running, Integer.MAX_VALUE);
  }

  /** Any number of concurrent runs. */
  public static RunLimit none() {
    return atOnce(Integer.MAX_VALUE);
  }

  /**
   * {@code runs} concurrent runs for each processor, and a queue without a limit. Two for each keep
   * the processors busy while waiting threads wake up.
   *
   * @param runs 1 or more
   * @throws RequestException if {@code runs} is not positive
   */
  public static RunLimit perProcessor(int runs) {
    long all = (long) runs * Runtime.getRuntime().availableProcessors();
    return atOnce((int) Math.min(all, Integer.MAX_VALUE));
  }

  /** The number of concurrent runs. */
  public int running() {
    return running;
  }

  /** The size of the wait queue; {@link Integer#MAX_VALUE} means no limit. */
  public int waiting() {
    return waiting;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RunLimit limit && running == limit.running && waiting == limit.waiting;
  }

  @Override
  public int hashCode() {
    return 31 * running + waiting;
  }

  @Override
  public String toString() {
    return "%s running, %s waiting".formatted(running, waiting);
  }
}
