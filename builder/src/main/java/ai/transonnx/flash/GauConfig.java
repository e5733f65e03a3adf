package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.Ranges;

/**
 * The keyword arguments of {@code GAU}.
 *
 * <pre>{@code
 * var config = GauConfig.builder().dim(512).causal(true).build();
 * }</pre>
 *
 * <p>Values that the library would refuse are a {@link ConfigException}.
 */
public record GauConfig(
    @Option("features of a position") int dim,
    @Option(value = "features of queries and keys", defaultValue = "128") int queryKeyDim,
    @Option(value = "features of the values, as a multiple of dim", defaultValue = "2.0")
        double expansionFactor,
    @Option(value = "add the input to the output", defaultValue = "true") boolean addResidual,
    @Option(value = "whether a position sees none that follow", defaultValue = "false")
        boolean causal,
    @Option(value = "dropout of the weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "weigh by Laplace's function, not by the squared ReLU", defaultValue = "false")
        boolean laplaceAttnFn,
    @Option(
            value = "nothing, in the library neither: the bias is always there",
            defaultValue = "false")
        boolean relPosBias,
    @Option(value = "the normalization's class", defaultValue = "\"LayerNorm\"")
        NormClass normKlass) {
  private static final int MOST = 1 << 24;

  public GauConfig {
    Ranges.check("dim", dim, 1, MOST);
    Ranges.check("query_key_dim", queryKeyDim, 1, MOST);
    Ranges.finite("expansion_factor", expansionFactor);
    if (expansionFactor <= 0 || dim * expansionFactor < 1 || dim * expansionFactor > MOST) {
      throw ConfigException.notAllowed(
          "expansion_factor", expansionFactor, "such that 'dim' times it is from 1 to " + MOST);
    }
    Ranges.finite("dropout", dropout);
  }

  /** The features of the values: {@code int(dim * expansion_factor)}. */
  int hidden() {
    return (int) (dim * expansionFactor);
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The library's defaults, and what is set; what has no default must be. */
  public static final class Builder {
    private int dim;
    private int queryKeyDim = 128;
    private double expansionFactor = 2;
    private boolean addResidual = true;
    private boolean causal;
    private double dropout;
    private boolean laplaceAttnFn;
    private boolean relPosBias;
    private NormClass normKlass = NormClass.LAYER_NORM;

    private Builder() {}

    public Builder dim(int value) {
      dim = value;
      return this;
    }

    public Builder queryKeyDim(int value) {
      queryKeyDim = value;
      return this;
    }

    public Builder expansionFactor(double value) {
      expansionFactor = value;
      return this;
    }

    public Builder addResidual(boolean value) {
      addResidual = value;
      return this;
    }

    public Builder causal(boolean value) {
      causal = value;
      return this;
    }

    public Builder dropout(double value) {
      dropout = value;
      return this;
    }

    public Builder laplaceAttnFn(boolean value) {
      laplaceAttnFn = value;
      return this;
    }

    public Builder relPosBias(boolean value) {
      relPosBias = value;
      return this;
    }

    public Builder normKlass(NormClass value) {
      normKlass = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws ConfigException if the library would refuse it
     */
    public GauConfig build() {
      return new GauConfig(
          dim,
          queryKeyDim,
          expansionFactor,
          addResidual,
          causal,
          dropout,
          laplaceAttnFn,
          relPosBias,
          normKlass);
    }
  }
}
