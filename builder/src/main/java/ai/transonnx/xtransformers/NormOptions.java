package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.Norm;
import java.util.ArrayList;
import java.util.List;

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
   * Checks the positions of norms.
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

  /**
   * Checks that these options and others select one class of norms.
   *
   * @param others the keys of the others that do
   * @throws ConfigException if they select several and the release refuses that
   */
  void checkClass(List<String> others, Profile profile) {
    var keys = new ArrayList<>(others);
    if (useScalenorm) {
      keys.add("use_scalenorm");
    }
    if (useRmsnorm) {
      keys.add("use_rmsnorm");
    }
    classes.check(keys, preNorm, profile);
  }

  /** The norm for this model dimension. */
  Norm norm(long dim, Profile profile) {
    if (former.useRezero()) {
      return (scope, x) -> x;
    }
    var norms = profile.norms();
    double offset = classes.unitOffset(profile) ? 1 : 0;
    var selected = classes.norm(dim, profile);
    if (selected != null) {
      return selected;
    }
    if (useRmsnorm) {
      return norms.rmsNorm(dim, offset);
    }
    return useScalenorm ? norms.scaleNorm(dim, offset) : norms.layerNorm(dim, offset);
  }
}
