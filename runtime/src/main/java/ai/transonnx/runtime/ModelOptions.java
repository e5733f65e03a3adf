package ai.transonnx.runtime;

/**
 * How a model is loaded.
 *
 * <pre>{@code
 * ModelOptions.builder().threads(2).build();
 * }</pre>
 *
 * @param device where it computes
 * @param threads how many threads one operator may use; 0 leaves it to the runtime (one a core)
 * @param optimisation what the runtime may do to the graph while it loads
 */
public record ModelOptions(Device device, int threads, Optimisation optimisation) {
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
   * @throws RequestException if {@code threads} is negative
   */
  public ModelOptions {
    if (threads < 0) {
      throw new RequestException("threads is " + threads + "; 0 or more are possible");
    }
  }

  /** The processor, a thread a core, every optimisation. */
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

    public ModelOptions build() {
      return new ModelOptions(device, threads, optimisation);
    }
  }
}
