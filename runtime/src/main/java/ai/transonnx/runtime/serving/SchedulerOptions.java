package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.RequestException;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The limits of a {@link GenerationScheduler}. Immutable; threads may share it.
 *
 * <pre>{@code
 * SchedulerOptions.builder().maxRows(16).maxWaiting(100).build();
 * SchedulerOptions.builder().maxRows(0).build(); // RequestException
 * }</pre>
 */
public final class SchedulerOptions {
  private final int maxRows;
  private final int maxWaiting;
  private final int prefillChunk;
  private final long stateMemory;
  private final long prefixMemory;
  private final boolean exact;
  private final SchedulerMetrics metrics;
  private final Optional<Executor> listenerExecutor;

  private SchedulerOptions(Builder builder) {
    this.maxRows = builder.maxRows;
    this.maxWaiting = builder.maxWaiting;
    this.prefillChunk = builder.prefillChunk;
    this.stateMemory = builder.stateMemory;
    this.prefixMemory = builder.prefixMemory;
    this.exact = builder.exact;
    this.metrics = builder.metrics;
    this.listenerExecutor = Optional.ofNullable(builder.listenerExecutor);
  }

  /** The defaults of {@link Builder}. */
  public static SchedulerOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The maximum number of requests that are computed at once. */
  public int maxRows() {
    return maxRows;
  }

  /** The maximum number of further requests. */
  public int maxWaiting() {
    return maxWaiting;
  }

  /** The maximum number of a prompt's tokens that are computed between two decode steps. */
  public int prefillChunk() {
    return prefillChunk;
  }

  /** The maximum size of the state of all rows that share decode steps, in bytes. */
  public long stateMemory() {
    return stateMemory;
  }

  /** The maximum size of the kept states of prompts, in bytes; 0 if none is kept. */
  public long prefixMemory() {
    return prefixMemory;
  }

  /** Whether each request is computed in calls of its own. */
  public boolean exact() {
    return exact;
  }

  /** The receiver of measurements. */
  public SchedulerMetrics metrics() {
    return metrics;
  }

  /** Runs the listeners; empty for threads of the scheduler's own. */
  public Optional<Executor> listenerExecutor() {
    return listenerExecutor;
  }

  /**
   * Collects options. The defaults are 32 rows, 1,000 waiting requests, chunks of 64 tokens, half
   * of the maximum size of the Java heap for state and a sixteenth for prefixes, shared decode
   * steps, no metrics, and listeners in threads of the scheduler's own. The JVM limits memory
   * outside of its heap, where states are, to the size of the heap ({@code
   * -XX:MaxDirectMemorySize}).
   */
  public static final class Builder {
    private int maxRows = 32;
    private int maxWaiting = 1000;
    private int prefillChunk = 64;
    private long stateMemory = Runtime.getRuntime().maxMemory() / 2;
    private long prefixMemory = Runtime.getRuntime().maxMemory() / 16;
    private boolean exact;
    private SchedulerMetrics metrics = new SchedulerMetrics() {};
    private @Nullable Executor listenerExecutor;

    private Builder() {}

    /**
     * Sets the maximum number of requests that are computed at once, 1 or more. More rows make more
     * tokens per second, and each of them more slowly.
     */
    public Builder maxRows(int rows) {
      this.maxRows = rows;
      return this;
    }

    /**
     * Sets the maximum number of requests besides {@link #maxRows} that have not ended, 0 or more.
     * A request ends when its listener has received everything.
     */
    public Builder maxWaiting(int requests) {
      this.maxWaiting = requests;
      return this;
    }

    /**
     * Sets the maximum number of a prompt's tokens that are computed between two decode steps, 1 or
     * more (chunked prefill). With smaller chunks, long prompts delay the tokens of others less,
     * and take longer themselves.
     */
    public Builder prefillChunk(int tokens) {
      this.prefillChunk = tokens;
      return this;
    }

    /**
     * Sets the maximum size of the state of all rows that share decode steps, in bytes, 1 or more.
     * A request waits until the state for all of its tokens fits.
     */
    public Builder stateMemory(long bytes) {
      this.stateMemory = bytes;
      return this;
    }

    /**
     * Sets the maximum size of the states of prompts that are kept for later prompts with the same
     * beginning, in bytes; 0 keeps none.
     */
    public Builder prefixMemory(long bytes) {
      this.prefixMemory = bytes;
      return this;
    }

    /**
     * Computes each request in the calls that {@link ai.transonnx.runtime.generation.Generator}
     * would make for it alone, so that its tokens are exactly the same. Without it, products of
     * several rows, and of a part of a prompt, add in another order; where two tokens are almost
     * equally likely, this rounding may decide. Exact requests share no steps, chunks or prefixes,
     * so all together are as fast as one after the other.
     */
    public Builder exact() {
      this.exact = true;
      return this;
    }

    /** Sets the receiver of measurements. */
    public Builder metrics(SchedulerMetrics metrics) {
      this.metrics = metrics;
      return this;
    }

    /**
     * Sets the executor that runs listeners and completes results, such as one of virtual threads.
     * It must run tasks in other threads than the one that submits them, and stays open.
     */
    public Builder listenerExecutor(Executor executor) {
      this.listenerExecutor = executor;
      return this;
    }

    /**
     * Builds the options.
     *
     * @throws RequestException if a number is out of range
     */
    public SchedulerOptions build() {
      check("maxRows", maxRows, 1);
      check("maxWaiting", maxWaiting, 0);
      check("prefillChunk", prefillChunk, 1);
      check("stateMemory", stateMemory, 1);
      check("prefixMemory", prefixMemory, 0);
      return new SchedulerOptions(this);
    }

    private static void check(String name, long value, long least) {
      if (value < least) {
        throw new RequestException("%s is %s; it must be %s or more".formatted(name, value, least));
      }
    }
  }
}
