package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import java.util.Optional;

/**
 * The keyword arguments of {@code FLASH}.
 *
 * <pre>{@code
 * var config = FlashConfig.builder().dim(512).causal(true).groupSize(256).build();
 * }</pre>
 *
 * <p>Values that the library would reject throw a {@link ConfigException}.
 *
 * <p>Immutable; threads may share it.
 */
@Configuration
public record FlashConfig(
    @OptionGroup GatedUnitOptions unit,
    @OptionGroup GroupOptions groups,
    @Option(value = "dropout of the attention weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "rotary embedding of queries and keys", defaultValue = "null")
        Optional<RotaryEmbeddingConfig> rotaryPosEmb,
    @Option(value = "class of the norm", defaultValue = "\"LayerNorm\"") NormClass normKlass,
    @Option(value = "take half of the features from the previous position", defaultValue = "false")
        boolean shiftTokens) {
  public FlashConfig {
    Ranges.checkInteger("dim", unit.dim(), shiftTokens ? 2 : 1, Integer.MAX_VALUE);
    Ranges.checkProbability("dropout", dropout);
    if (rotaryPosEmb.isPresent() && 2 * rotaryPosEmb.get().pairs() > unit.queryKeyDim()) {
      throw new ConfigException(
          "'rotary_pos_emb' rotates %s features, but 'query_key_dim' is %s"
              .formatted(2 * rotaryPosEmb.get().pairs(), unit.queryKeyDim()));
    }
  }

  /** A builder with the library's defaults. */
  public static FlashConfigBuilder builder() {
    return new FlashConfigBuilder();
  }
}
