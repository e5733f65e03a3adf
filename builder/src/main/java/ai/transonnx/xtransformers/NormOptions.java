package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.Norm;

/** The options of normalization. Immutable. */
public record NormOptions(
    @Option(value = "ScaleNorm instead of layer norm", defaultValue = "false") boolean useScalenorm,
    @Option(value = "RMSNorm; takes precedence over use_scalenorm", defaultValue = "false")
        boolean useRmsnorm,
    @Option(
            value = "normalize each layer's input (pre-norm), not the sum (post-norm)",
            defaultValue = "true")
        boolean preNorm,
    @Option(
            value = "normalize each layer's output as well",
            defaultValue = "false",
            since = "0.19.1")
        boolean sandwichNorm,
    @OptionGroup FormerNormOptions former,
    @OptionGroup NormClassOptions classes,
    @OptionGroup FinalNormOptions end) {
  /**
   * Checks the places of norms.
   *
   * @throws ConfigException if outputs of post-norm layers would be normalized
   */
  void checkPlaces() {
    if (!preNorm && sandwichNorm) {
      throw new ConfigException("'sandwich_norm' is true; it must be false if 'pre_norm' is false");
    }
  }

  /** These options for post-norm layers. */
  NormOptions postNorm() {
    return new NormOptions(useScalenorm, useRmsnorm, false, false, former, classes, end);
  }

  /** The norm for this model dimension. */
  Norm norm(long dim, Profile profile) {
    if (former.useRezero()) {
      return (scope, x) -> x;
    }
    var norms = profile.norms();
    double offset = classes.unitOffset(profile) ? 1 : 0;
    if (useRmsnorm) {
      return norms.rmsNorm(dim, offset);
    }
    return useScalenorm ? norms.scaleNorm(dim, offset) : norms.layerNorm(dim, offset);
  }
}
