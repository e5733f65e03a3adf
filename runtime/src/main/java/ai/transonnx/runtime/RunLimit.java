package ai.transonnx.runtime;

/**
 * How many runs of one model go on at the same time, and how many more wait for their turn, first
 * come, first served. A run more than that is turned away at once with a {@link BusyException}, so
 * that a service under too much load says so instead of growing slow. Only what begins is turned
 * away: the next call of a loop, or token of a generation, waits however many do.
 *
 * <pre>{@code
 * new RunLimit(2, 100); // two at a time; the 103rd is turned away
 * RunLimit.atOnce(2); // two at a time; any number wait
 * }</pre>
 *
 * @param running how many run at the same time, 1 or more
 * @param waiting how many more wait, 0 or more
 */
public record RunLimit(int running, int waiting) {
  /**
   * @throws RequestException if {@code running} is not positive or {@code waiting} is negative
   */
  public RunLimit {
    if (running < 1 || waiting < 0) {
      throw new RequestException(
          "%s runs at a time and %s waiting; 1 or more can run, 0 or more can wait"
              .formatted(running, waiting));
    }
  }

  /** {@code running} at a time, and any number wait. */
  public static RunLimit atOnce(int running) {
    return new RunLimit(running, Integer.MAX_VALUE);
  }

  /** Any number at a time. */
  public static RunLimit none() {
    return atOnce(Integer.MAX_VALUE);
  }

  /**
   * {@code runs} at a time for each processor, and any number wait. One for each is too few: a
   * processor is idle from the end of a run until the thread whose turn it is has woken up.
   *
   * @param runs 1 or more
   * @throws RequestException if {@code runs} is not positive
   */
  public static RunLimit perProcessor(int runs) {
    long all = (long) runs * Runtime.getRuntime().availableProcessors();
    return atOnce((int) Math.min(all, Integer.MAX_VALUE));
  }
}
