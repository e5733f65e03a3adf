package ai.transonnx.runtime;

/**
 * The number of concurrent runs of one model, and the size of the queue in which further runs wait
 * in order of arrival. When the queue is full, a run fails at once with a {@link BusyException}, so
 * that an overloaded service reports it instead of slowing down. Only the first call of a loop or
 * generation can fail like this; its later calls wait, even if the queue is full.
 *
 * <pre>{@code
 * new RunLimit(2, 100); // two run, 100 wait; the 103rd fails
 * RunLimit.atOnce(2); // two run; any number wait
 * }</pre>
 *
 * @param running the number of concurrent runs, 1 or more
 * @param waiting the size of the wait queue, 0 or more
 */
public record RunLimit(int running, int waiting) {
  /**
   * @throws RequestException if {@code running} is not positive or {@code waiting} is negative
   */
  public RunLimit {
    if (running < 1 || waiting < 0) {
      throw new RequestException(
          "running is %s and waiting is %s; running must be 1 or more, waiting 0 or more"
              .formatted(running, waiting));
    }
  }

  /** {@code running} concurrent runs, and a queue without a limit. */
  public static RunLimit atOnce(int running) {
    return new RunLimit(running, Integer.MAX_VALUE);
  }

  /** Any number of concurrent runs. */
  public static RunLimit none() {
    return atOnce(Integer.MAX_VALUE);
  }

  /**
   * {@code runs} concurrent runs for each processor, and a queue without a limit. With one for
   * each, a processor is idle from the end of a run until the next waiting thread wakes up.
   *
   * @param runs 1 or more
   * @throws RequestException if {@code runs} is not positive
   */
  public static RunLimit perProcessor(int runs) {
    long all = (long) runs * Runtime.getRuntime().availableProcessors();
    return atOnce((int) Math.min(all, Integer.MAX_VALUE));
  }
}
