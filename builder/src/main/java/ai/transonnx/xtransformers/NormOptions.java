package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.RmsNorm;
import ai.transonnx.layer.ScaleNorm;

/** The options of normalization. Immutable. */
public record NormOptions(
    @Option(value = "ScaleNorm instead of layer norm", defaultValue = "false") boolean useScalenorm,
    @Option(value = "RMSNorm; takes precedence over use_scalenorm", defaultValue = "false")
        boolean useRmsnorm,
    @Option(
            value = "normalize each layer's input (pre-norm), not the sum (post-norm)",
            defaultValue = "true")
        boolean preNorm,
    @Option(value = "normalize each layer's output as well", defaultValue = "false")
        boolean sandwichNorm) {
  /** The norm for this model dimension. */
  Norm norm(long dim) {
    if (useRmsnorm) {
      return new RmsNorm(dim);
    }
    return useScalenorm ? new ScaleNorm(1) : new LayerNorm(dim);
  }
}
