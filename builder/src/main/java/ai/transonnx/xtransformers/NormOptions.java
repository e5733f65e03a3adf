package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.RmsNorm;
import ai.transonnx.layer.ScaleNorm;

/** How layers normalize, and where. */
public record NormOptions(
    @Option(value = "vectors of one length instead of layer norm", defaultValue = "false")
        boolean useScalenorm,
    @Option(value = "root mean square norm; counts before use_scalenorm", defaultValue = "false")
        boolean useRmsnorm,
    @Option(value = "normalize what enters a branch, not the sum", defaultValue = "true")
        boolean preNorm,
    @Option(value = "normalize what leaves a branch, too", defaultValue = "false")
        boolean sandwichNorm) {
  /** The norm of this many features. */
  Norm norm(long dim) {
    if (useRmsnorm) {
      return new RmsNorm(dim);
    }
    return useScalenorm ? new ScaleNorm(1) : new LayerNorm(dim);
  }
}
