package ai.transonnx.tokenshift;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments of {@code TokenShiftGPT}. Immutable.
 *
 * <pre>{@code
 * var config = TokenShiftGptConfig.builder()
 *     .numTokens(256).dim(512).maxSeqLen(1024).depth(12).ffMult(8)
 *     .build();
 * }</pre>
 *
 * <p>Values that the library would reject throw a {@link ConfigException}, whose message names the
 * key and the allowed values.
 */
@Configuration
public record TokenShiftGptConfig(
    @Option("vocabulary size") int numTokens,
    @Option("model dimension") int dim,
    @Option("maximum sequence length") int maxSeqLen,
    @Option("number of layers") int depth,
    @Option(value = "hidden dimension as a multiple of dim", defaultValue = "4") int ffMult,
    @Option(
            value = "discounted cumulative sum instead of shifted segment means",
            defaultValue = "false")
        boolean useDiscountedCumsum,
    @Option(
            value = "discount factor of the cumulative sum per position",
            defaultValue = "0.9",
            aliases = "discounted_gamma")
        double discountGamma) {
  private static final int MAX = 1 << 24;

  /** The tables of segment means would become too large for longer sequences. */
  private static final int MAX_SEGMENTED_LENGTH = 1 << 20;

  public TokenShiftGptConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("dim", dim, 1, MAX);
    if (useDiscountedCumsum) {
      Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    } else {
      Ranges.checkInteger("max_seq_len", maxSeqLen, 2, MAX_SEGMENTED_LENGTH);
    }
    Ranges.checkDepth("depth", depth, 0);
    Ranges.checkInteger("ff_mult", ffMult, 1, MAX / dim);
    Ranges.checkFinite("discount_gamma", discountGamma);
    if (dim * ffMult % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s and 'ff_mult' is %s; their product must be even, since it is split in half"
              .formatted(dim, ffMult));
    }
  }

  /** The dimension of a layer's gate: {@code dim * ff_mult / 2}. */
  int hidden() {
    return dim * ffMult / 2;
  }

  /** A builder with the library's defaults. */
  public static TokenShiftGptConfigBuilder builder() {
    return new TokenShiftGptConfigBuilder();
  }
}
