package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.Ranges;
import java.util.Optional;

/**
 * The keyword arguments of {@code FLASHTransformer}.
 *
 * <pre>{@code
 * var config = FlashTransformerConfig.builder()
 *     .numTokens(20000).dim(512).depth(12).causal(true)
 *     .build();
 * }</pre>
 *
 * <p>Values that the library would refuse are a {@link ConfigException}.
 */
public record FlashTransformerConfig(
    @Option("features of a position") int dim,
    @Option("tokens in the vocabulary") int numTokens,
    @Option("layers") int depth,
    @Option(value = "positions of a group", defaultValue = "256") int groupSize,
    @Option(value = "features of queries and keys", defaultValue = "128") int queryKeyDim,
    @Option(value = "features of the values, as a multiple of dim", defaultValue = "2.0")
        double expansionFactor,
    @Option(value = "whether a position sees none that follow", defaultValue = "false")
        boolean causal,
    @Option(value = "dropout of the weights", defaultValue = "0.0", trainingOnly = true)
        double attnDropout,
    @Option(value = "the layers' normalization", defaultValue = "\"scalenorm\"") NormType normType,
    @Option(value = "take half of the features from the position before", defaultValue = "true")
        boolean shiftTokens,
    @Option(value = "weigh by Laplace's function, not by the squared ReLU", defaultValue = "false")
        boolean laplaceAttnFn,
    @Option(value = "if not causal: one sum for all groups", defaultValue = "true")
        boolean reduceGroupNonCausalAttn) {
  private static final int MOST = 1 << 24;

  public FlashTransformerConfig {
    Ranges.check("dim", dim, 1, MOST);
    Ranges.check("query_key_dim", queryKeyDim, 1, MOST);
    Ranges.finite("expansion_factor", expansionFactor);
    if (expansionFactor <= 0 || dim * expansionFactor < 1 || dim * expansionFactor > MOST) {
      throw ConfigException.notAllowed(
          "expansion_factor", expansionFactor, "such that 'dim' times it is from 1 to " + MOST);
    }
    Ranges.check("num_tokens", numTokens, 1, MOST);
    Ranges.check("depth", depth, 0, 10_000);
    Ranges.check("group_size", groupSize, 1, FlashConfig.MAX_GROUP);
    Ranges.finite("attn_dropout", attnDropout);
    if (dim % 2 != 0) {
      throw ConfigException.notAllowed("dim", dim, "even, for sines and cosines");
    }
  }

  /** The configuration of each layer; the rotation is shared by all of them. */
  FlashConfig layer() {
    return new FlashConfig(
        dim,
        groupSize,
        queryKeyDim,
        expansionFactor,
        causal,
        attnDropout,
        Optional.empty(),
        normType.normClass(),
        shiftTokens,
        laplaceAttnFn,
        reduceGroupNonCausalAttn);
  }

  /** How many pairs of features are rotated: at most 16. */
  int rotatedPairs() {
    return Math.min(32, queryKeyDim) / 2;
  }

  public static Builder builder() {
    return new Builder();
  }

  /** The library's defaults, and what is set; what has no default must be. */
  public static final class Builder {
    private int dim;
    private int numTokens;
    private int depth = -1;
    private int groupSize = 256;
    private int queryKeyDim = 128;
    private double expansionFactor = 2;
    private boolean causal;
    private double attnDropout;
    private NormType normType = NormType.SCALENORM;
    private boolean shiftTokens = true;
    private boolean laplaceAttnFn;
    private boolean reduceGroupNonCausalAttn = true;

    private Builder() {}

    public Builder dim(int value) {
      dim = value;
      return this;
    }

    public Builder numTokens(int value) {
      numTokens = value;
      return this;
    }

    public Builder depth(int value) {
      depth = value;
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

    public Builder attnDropout(double value) {
      attnDropout = value;
      return this;
    }

    public Builder normType(NormType value) {
      normType = value;
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
    public FlashTransformerConfig build() {
      return new FlashTransformerConfig(
          dim,
          numTokens,
          depth,
          groupSize,
          queryKeyDim,
          expansionFactor,
          causal,
          attnDropout,
          normType,
          shiftTokens,
          laplaceAttnFn,
          reduceGroupNonCausalAttn);
    }
  }
}
