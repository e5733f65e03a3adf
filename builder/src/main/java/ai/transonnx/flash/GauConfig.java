package ai.transonnx.flash;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;

/**
 * The keyword arguments of {@code GAU}.
 *
 * <pre>{@code
 * var config = GauConfig.builder().dim(512).causal(true).build();
 * }</pre>
 *
 * <p>Values that the library would reject throw a {@link ConfigException}.
 *
 * <p>Immutable; threads may share it.
 */
@Configuration
public record GauConfig(
    @OptionGroup GatedUnitOptions unit,
    @Option(value = "add the input to the output", defaultValue = "true") boolean addResidual,
    @Option(value = "dropout of the attention weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(
            value = "ignored, as in the library: the bias is always enabled",
            defaultValue = "false")
        boolean relPosBias,
    @Option(value = "class of the norm", defaultValue = "\"LayerNorm\"") NormClass normKlass) {
  public GauConfig {
    Ranges.checkProbability("dropout", dropout);
  }

  /** A builder with the library's defaults. */
  public static GauConfigBuilder builder() {
    return new GauConfigBuilder();
  }
}
