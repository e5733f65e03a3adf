package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
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
 * <p>Values that the library would reject throw a {@link ConfigException}.
 *
 * <p>Immutable; threads may share it.
 */
@Configuration
public record FlashTransformerConfig(
    @OptionGroup GatedUnitOptions unit,
    @OptionGroup GroupOptions groups,
    @Option("vocabulary size") int numTokens,
    @Option("number of layers") int depth,
    @Option(value = "dropout of the attention weights", defaultValue = "0.0", trainingOnly = true)
        double attnDropout,
    @Option(value = "norm of the layers", defaultValue = "\"scalenorm\"") NormType normType,
    @Option(value = "take half of the features from the previous position", defaultValue = "true")
        boolean shiftTokens) {
  public FlashTransformerConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, 1 << 24);
    Ranges.checkDepth("depth", depth, 0);
    Ranges.checkProbability("attn_dropout", attnDropout);
    if (unit.queryKeyDim() == 2) {
      throw ConfigException.notAllowed(
          "query_key_dim",
          unit.queryKeyDim(),
          "1 or more than 2, since the exponent of the rotation's theta is dim / (dim - 2)");
    }
    if (unit.dim() % 2 != 0) {
      throw ConfigException.notAllowed(
          "dim",
          unit.dim(),
          "even, since one half of the features are sines and the other half cosines");
    }
  }

  /** The configuration of each layer, without the rotary embedding that all layers share. */
  FlashConfig layer() {
    return new FlashConfig(
        unit, groups, attnDropout, Optional.empty(), normType.normClass(), shiftTokens);
  }

  /** The number of rotated pairs of features, at most 16. */
  int rotatedPairs() {
    return Math.min(32, unit.queryKeyDim()) / 2;
  }

  /** A builder with the library's defaults. */
  public static FlashTransformerConfigBuilder builder() {
    return new FlashTransformerConfigBuilder();
  }
}
