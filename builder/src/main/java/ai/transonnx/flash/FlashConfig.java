package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.Ranges;
import java.util.Optional;

/**
 * The keyword arguments of {@code FLASH}.
 *
 * <pre>{@code
 * var config = FlashConfig.builder().dim(512).causal(true).groupSize(256).build();
 * }</pre>
 *
 * <p>Values that the library would refuse are a {@link ConfigException}.
 */
public record FlashConfig(
    @Option("features of a position") int dim,
    @Option(value = "positions of a group", defaultValue = "256") int groupSize,
    @Option(value = "features of queries and keys", defaultValue = "128") int queryKeyDim,
    @Option(value = "features of the values, as a multiple of dim", defaultValue = "2.0")
        double expansionFactor,
    @Option(value = "whether a position sees none that follow", defaultValue = "false")
        boolean causal,
    @Option(value = "dropout of the weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "the rotation of queries and keys", defaultValue = "null")
        Optional<RotaryEmbeddingConfig> rotaryPosEmb,
    @Option(value = "the normalization's class", defaultValue = "\"LayerNorm\"")
        NormClass normKlass,
    @Option(value = "take half of the features from the position before", defaultValue = "false")
        boolean shiftTokens,
    @Option(value = "weigh by Laplace's function, not by the squared ReLU", defaultValue = "false")
        boolean laplaceAttnFn,
    @Option(value = "if not causal: one sum for all groups", defaultValue = "true")
        boolean reduceGroupNonCausalAttn) {
  static final int MAX_GROUP = 1 << 14;
  private static final int MOST = 1 << 24;

  public FlashConfig {
    Ranges.check("dim", dim, 1, MOST);
    Ranges.check("query_key_dim", queryKeyDim, 1, MOST);
    Ranges.finite("expansion_factor", expansionFactor);
    if (expansionFactor <= 0 || dim * expansionFactor < 1 || dim * expansionFactor > MOST) {
      throw ConfigException.notAllowed(
          "expansion_factor", expansionFactor, "such that 'dim' times it is from 1 to " + MOST);
    }
    Ranges.check("group_size", groupSize, 1, MAX_GROUP);
    Ranges.check("dim", dim, shiftTokens ? 2 : 1, MOST);
    Ranges.finite("dropout", dropout);
    if (rotaryPosEmb.isPresent() && 2 * rotaryPosEmb.get().pairs() > queryKeyDim) {
      throw new ConfigException(
          "'rotary_pos_emb' rotates %d features, but 'query_key_dim' is %d"
              .formatted(2 * rotaryPosEmb.get().pairs(), queryKeyDim));
    }
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
    private int groupSize = 256;
    private int queryKeyDim = 128;
    private double expansionFactor = 2;
    private boolean causal;
    private double dropout;
    private Optional<RotaryEmbeddingConfig> rotaryPosEmb = Optional.empty();
    private NormClass normKlass = NormClass.LAYER_NORM;
    private boolean shiftTokens;
    private boolean laplaceAttnFn;
    private boolean reduceGroupNonCausalAttn = true;

    private Builder() {}

    public Builder dim(int value) {
      dim = value;
      return this;
    }

    public Builder groupSize(int value) {
      groupSize = value;
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

    public Builder causal(boolean value) {
      causal = value;
      return this;
    }

    public Builder dropout(double value) {
      dropout = value;
      return this;
    }

    public Builder rotaryPosEmb(RotaryEmbeddingConfig value) {
      rotaryPosEmb = Optional.of(value);
      return this;
    }

    public Builder normKlass(NormClass value) {
      normKlass = value;
      return this;
    }

    public Builder shiftTokens(boolean value) {
      shiftTokens = value;
      return this;
    }

    public Builder laplaceAttnFn(boolean value) {
      laplaceAttnFn = value;
      return this;
    }

    public Builder reduceGroupNonCausalAttn(boolean value) {
      reduceGroupNonCausalAttn = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws ConfigException if the library would refuse it
     */
    public FlashConfig build() {
      return new FlashConfig(
          dim,
          groupSize,
          queryKeyDim,
          expansionFactor,
          causal,
          dropout,
          rotaryPosEmb,
          normKlass,
          shiftTokens,
          laplaceAttnFn,
          reduceGroupNonCausalAttn);
    }
  }
}
