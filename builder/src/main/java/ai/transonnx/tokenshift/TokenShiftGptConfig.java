package ai.transonnx.tokenshift;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments of {@code TokenShiftGPT}.
 *
 * <pre>{@code
 * var config = TokenShiftGptConfig.builder()
 *     .numTokens(256).dim(512).maxSeqLen(1024).depth(12).ffMult(8)
 *     .build();
 * }</pre>
 *
 * <p>Values that the library would refuse are a {@link ConfigException}, which names the key and
 * what is allowed.
 */
@Configuration
public record TokenShiftGptConfig(
    @Option("tokens in the vocabulary") int numTokens,
    @Option("features of a position") int dim,
    @Option("the most positions of a call") int maxSeqLen,
    @Option("layers") int depth,
    @Option(value = "a layer's features, as a multiple of dim", defaultValue = "4") int ffMult,
    @Option(
            value = "mix positions by a discounted sum, not by shifted segment means",
            defaultValue = "false")
        boolean useDiscountedCumsum,
    @Option(
            value = "what is left of the sum after a position",
            defaultValue = "0.9",
            aliases = "discounted_gamma")
        double discountGamma) {
  private static final int MAX = 1 << 24;

  /** Segments of a longer past would need tables that no file should have. */
  private static final int MOST_OF_SEGMENTS = 1 << 20;

  public TokenShiftGptConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("dim", dim, 1, MAX);
    if (useDiscountedCumsum) {
      Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    } else {
      Ranges.checkInteger("max_seq_len", maxSeqLen, 2, MOST_OF_SEGMENTS);
    }
    Ranges.checkInteger("depth", depth, 0, 10_000);
    Ranges.checkInteger("ff_mult", ffMult, 1, MAX / dim);
    Ranges.checkFinite("discount_gamma", discountGamma);
    if (dim * ffMult % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s and 'ff_mult' is %s; their product must be even, since it is cut in two"
              .formatted(dim, ffMult));
    }
  }

  /** The features of a layer's gate: {@code dim * ff_mult / 2}. */
  int hidden() {
    return dim * ffMult / 2;
  }

  public static TokenShiftGptConfigBuilder builder() {
    return new TokenShiftGptConfigBuilder();
  }
}
