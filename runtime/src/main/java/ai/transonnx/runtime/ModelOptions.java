package ai.transonnx.runtime;

import ai.transonnx.runtime.device.Device;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Options for loading a model.
 *
 * <pre>{@code
 * ModelOptions.builder().threads(2).build();
 * }</pre>
 */
public final class ModelOptions {
  private final Device device;
  private final int threads;
  private final Optimisation optimisation;
  private final RunLimit runLimit;
  private final long memoryLimit;
  private final InputChecks inputChecks;
  private final boolean returnsMemory;
  private final int accuracyLevel;
  private final boolean spins;

  private ModelOptions(Builder builder) {
    this.device = builder.device;
    this.threads = builder.threads;
    this.optimisation = builder.optimisation;
    this.runLimit = builder.runLimit;
    this.memoryLimit = builder.memoryLimit;
    this.returnsMemory = builder.returnsMemory;
    this.spins = builder.spins;
    this.inputChecks = builder.inputChecks;
    this.accuracyLevel = builder.accuracyLevel;
  }

  /** ONNX Runtime's levels of graph optimization. */
  public enum Optimisation {
    /** The graph as it is in the file. */
    NONE,
    /** Within ONNX's operators: constant folding, removal of redundant nodes. */
    BASIC,
    /** The above, and fusions into ONNX Runtime's own operators. */
    EXTENDED,
    /** The above, and the memory layouts of this machine. */
    ALL
  }

  /**
   * The CPU, one thread for each core, every optimization, eight concurrent runs for each
   * processor, no memory limit, every check of inputs, accuracy level 4.
   */
  public static ModelOptions defaults() {
    return builder().build();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The device that computes. */
  public Device device() {
    return device;
  }

  /** The number of threads of one operator; see {@link Builder#threads}. */
  public int threads() {
    return threads;
  }

  /** The graph optimizations that ONNX Runtime applies at load. */
  public Optimisation optimisation() {
    return optimisation;
  }

  /** The number of concurrent runs, and the size of the wait queue. */
  public RunLimit runLimit() {
    return runLimit;
  }

  /** The maximum size of the inputs and outputs of one call in bytes. */
  public long memoryLimit() {
    return memoryLimit;
  }

  /** The checks of a call's inputs. */
  public InputChecks inputChecks() {
    return inputChecks;
  }

  /** Whether memory is returned to the system after each run; see {@link Builder#returnMemory}. */
  public boolean returnsMemory() {
    return returnsMemory;
  }

  /** How products with quantized weights are computed; see {@link Builder#accuracyLevel}. */
  public int accuracyLevel() {
    return accuracyLevel;
  }

  /** Whether threads wait for work without sleeping; see {@link Builder#withoutSpinning}. */
  public boolean spins() {
    return spins;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ModelOptions options && values().equals(options.values());
  }

  @Override
  public int hashCode() {
    return values().hashCode();
  }

  private List<Object> values() {
    return List.of(
        device,
        threads,
        optimisation,
        runLimit,
        memoryLimit,
        inputChecks,
        returnsMemory,
        accuracyLevel,
        spins);
  }

  /** Collects options; those that are not set are as in {@link #defaults}. */
  public static final class Builder {
    private Device device = Device.CPU;
    private int threads = 0;
    private Optimisation optimisation = Optimisation.ALL;
    private RunLimit runLimit = RunLimit.perProcessor(8);
    private long memoryLimit = Long.MAX_VALUE;
    private boolean returnsMemory = false;
    private boolean spins = true;
    private InputChecks inputChecks = InputChecks.ALL;
    private int accuracyLevel = MAX_ACCURACY_LEVEL;

    /** More than the processors of any machine; each thread takes memory for its stack. */
    private static final int MAX_THREADS = 1024;

    private static final int MAX_ACCURACY_LEVEL = 4;

    private Builder() {}

    public Builder device(Device device) {
      this.device = device;
      return this;
    }

    /**
     * The number of threads of one operator, at most 1024; 0 means one for each core of the
     * machine, or for each processor that a container or the JVM's options allow this process.
     */
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

    /**
     * The maximum size of the inputs and outputs of one call in bytes; {@code Long.MAX_VALUE} means
     * no limit.
     */
    public Builder memoryLimit(long bytes) {
      this.memoryLimit = bytes;
      return this;
    }

    /** The checks of a call's inputs in {@link OnnxModel#run}; loops check all. */
    public Builder inputChecks(InputChecks checks) {
      this.inputChecks = checks;
      return this;
    }

    /**
     * Returns the memory of intermediate results to the system after each run, instead of keeping
     * it for the next one. Runs take longer.
     */
    public Builder returnMemory() {
      this.returnsMemory = true;
      return this;
    }

    /**
     * How ONNX Runtime computes products with quantized weights of a portable model: 1 in float32,
     * 2 in float16, 3 in bfloat16, 4 with activations rounded to int8; a processor without a level
     * takes a more exact one. 4 by default. Models for ONNX Runtime have levels of their own.
     */
    public Builder accuracyLevel(int level) {
      this.accuracyLevel = level;
      return this;
    }

    /**
     * Lets the threads of an operator sleep while they wait for work. By default they spin for a
     * while first, so that the next operator starts at once, which is faster if this process has
     * the processors to itself. If other programs or models compute on the same processors,
     * spinning threads take time from them and from the thread that they wait for.
     */
    public Builder withoutSpinning() {
      this.spins = false;
      return this;
    }

    /**
     * Makes the options.
     *
     * @throws RequestException if {@code threads} is negative or more than 1024, {@code
     *     memoryLimit} not positive, or {@code accuracyLevel} not from 1 to 4
     */
    public ModelOptions build() {
      if (threads < 0 || threads > MAX_THREADS) {
        throw new RequestException(
            "threads is %s; 0 to %s are possible".formatted(threads, MAX_THREADS));
      }
      if (memoryLimit < 1) {
        throw new RequestException("a memory limit of " + memoryLimit + " bytes is not positive");
      }
      if (accuracyLevel < 1 || accuracyLevel > MAX_ACCURACY_LEVEL) {
        throw new RequestException(
            "accuracy level is %s; 1 to %s are possible"
                .formatted(accuracyLevel, MAX_ACCURACY_LEVEL));
      }
      return new ModelOptions(this);
    }
  }
}
