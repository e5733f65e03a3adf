package ai.transonnx.runtime;

import ai.transonnx.runtime.device.Device;

/**
 * How a model is loaded.
 *
 * <pre>{@code
 * ModelOptions.builder().threads(2).build();
 * }</pre>
 *
 * @param device where it computes
 * @param threads how many threads one operator may use; 0 is one for each core of the machine, or
 *     for each processor that a container or the JVM's options leave to this process
 * @param optimisation what the runtime may do to the graph while it loads
 * @param runLimit how many calls run at once, and how many more wait
 * @param memoryLimit the most bytes that the inputs and outputs of one call may have; {@code
 *     Long.MAX_VALUE} sets no limit
 */
public record ModelOptions(
    Device device, int threads, Optimisation optimisation, RunLimit runLimit, long memoryLimit) {
  /** How far the runtime goes in rewriting the graph. */
  public enum Optimisation {
    /** The graph as it is in the file. */
    NONE,
    /** What keeps to the standard's operators: folding, removal of what has no effect. */
    BASIC,
    /** The above, and fusions into the runtime's own operators. */
    EXTENDED,
    /** The above, and the memory layouts of this machine. */
    ALL
  }

  /**
   * @throws RequestException if {@code threads} is negative, or {@code memoryLimit} not positive
   */
  public ModelOptions {
    if (threads < 0) {
      throw new RequestException("threads is " + threads + "; 0 or more are possible");
    }
    if (memoryLimit < 1) {
      throw new RequestException("a memory limit of " + memoryLimit + " bytes is not positive");
    }
  }

  /**
   * The processor, a thread a core, every optimisation, eight calls at a time for each processor,
   * no memory limit.
   */
  public static ModelOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Collects options; what is not set is as in {@link #defaults}. */
  public static final class Builder {
    private Device device = Device.CPU;
    private int threads = 0;
    private Optimisation optimisation = Optimisation.ALL;
    private RunLimit runLimit = RunLimit.perProcessor(8);
    private long memoryLimit = Long.MAX_VALUE;

    private Builder() {}

    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    public Builder threads(int threads) {
      this.threads = threads;
      return this;
    }

    public Builder optimisation(Optimisation optimisation) {
      this.optimisation = optimisation;
      return this;
    }

    public Builder runLimit(RunLimit runLimit) {
      this.runLimit = runLimit;
      return this;
    }

    public Builder memoryLimit(long bytes) {
      this.memoryLimit = bytes;
      return this;
    }

    public ModelOptions build() {
      return new ModelOptions(device, threads, optimisation, runLimit, memoryLimit);
    }
  }
}
