package ai.transonnx.xtransformers;

import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/** The keyword arguments of data-dependent ALiBi. Immutable. */
@Configuration
public record DataDependentAlibiKeywords(
    @Option(
            value = "initial bias of the layer that computes the gates",
            defaultValue = "5.0",
            trainingOnly = true)
        double biasInit,
    @Option(value = "factor of the logarithms of the gates", defaultValue = "1.0")
        double postLogScale) {
  /** The library's defaults. */
  static final DataDependentAlibiKeywords DEFAULTS = new DataDependentAlibiKeywords(5, 1);

  public DataDependentAlibiKeywords {
    Ranges.checkFinite("bias_init", biasInit);
    Ranges.checkFinite("post_log_scale", postLogScale);
  }
}
