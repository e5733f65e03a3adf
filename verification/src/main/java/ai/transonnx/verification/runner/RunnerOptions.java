package ai.transonnx.verification.runner;

import ai.transonnx.InputException;
import java.time.Duration;

/**
 * Limits of a {@link ModelRunner}. Immutable, so threads may share it.
 *
 * <pre>{@code
 * RunnerOptions.builder().runTime(Duration.ofSeconds(30)).build();
 * }</pre>
 */
public final class RunnerOptions {
  private final Duration startTime;
  private final Duration loadTime;
  private final Duration runTime;
  private final long resultBytes;

  private RunnerOptions(Builder builder) {
    this.startTime = builder.startTime;
    this.loadTime = builder.loadTime;
    this.runTime = builder.runTime;
    this.resultBytes = builder.resultBytes;
  }

  /** One minute to start, ten to load and to run, and results of 4 GiB. */
  public static RunnerOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The time in which a process must report that it is ready. */
  public Duration startTime() {
    return startTime;
  }

  /** The time in which a model must be loaded. */
  public Duration loadTime() {
    return loadTime;
  }

  /** The time in which a run must end. */
  public Duration runTime() {
    return runTime;
  }

  /** The maximum size of the outputs of one run that another process writes, in bytes. */
  public long resultBytes() {
    return resultBytes;
  }

  /** Collects options; those that are not set are as in {@link #defaults}. */
  public static final class Builder {
    private Duration startTime = Duration.ofMinutes(1);
    private Duration loadTime = Duration.ofMinutes(10);
    private Duration runTime = Duration.ofMinutes(10);
    private long resultBytes = 4L << 30;

    private Builder() {}

    /** The time in which a process must report that it is ready. */
    public Builder startTime(Duration time) {
      this.startTime = time;
      return this;
    }

    /** The time in which a model must be loaded. */
    public Builder loadTime(Duration time) {
      this.loadTime = time;
      return this;
    }

    /** The time in which a run must end. */
    public Builder runTime(Duration time) {
      this.runTime = time;
      return this;
    }

    /** The maximum size of the outputs of one run that another process writes, in bytes. */
    public Builder resultBytes(long bytes) {
      this.resultBytes = bytes;
      return this;
    }

    /**
     * Makes the options.
     *
     * @throws InputException if a time or the size is not positive
     */
    public RunnerOptions build() {
      checkPositive("start", startTime);
      checkPositive("load", loadTime);
      checkPositive("run", runTime);
      if (resultBytes < 1) {
        throw new InputException(
            "a limit of " + resultBytes + " bytes for results is not positive");
      }
      return new RunnerOptions(this);
    }

    private static void checkPositive(String phase, Duration time) {
      if (time.isNegative() || time.isZero()) {
        throw new InputException("a time of %s to %s is not positive".formatted(time, phase));
      }
    }
  }
}
