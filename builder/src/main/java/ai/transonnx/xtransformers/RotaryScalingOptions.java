package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.graph.Tensor;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.Frequencies;

/** The options that scale the frequencies of rotary position embeddings. Immutable. */
public record RotaryScalingOptions(
    @Option(
            value = "number by which rotary angles are divided",
            defaultValue = "1.0",
            since = "1.16.16")
        double rotaryInterpolationFactor,
    @Option(
            value = "factor of the length by which the base of rotary frequencies is rescaled",
            defaultValue = "1.0",
            since = "1.17.1")
        double rotaryBaseRescaleFactor) {
  public RotaryScalingOptions {
    Ranges.checkFinite("rotary_interpolation_factor", rotaryInterpolationFactor);
    Ranges.checkFinite("rotary_base_rescale_factor", rotaryBaseRescaleFactor);
    if (rotaryInterpolationFactor < 1) {
      throw ConfigException.notAllowed(
          "rotary_interpolation_factor", rotaryInterpolationFactor, "at least 1");
    }
    if (rotaryBaseRescaleFactor <= 0) {
      throw ConfigException.notAllowed(
          "rotary_base_rescale_factor", rotaryBaseRescaleFactor, "above 0");
    }
  }

  /** The frequencies of an embedding of {@code dim} features, as the library stores them. */
  Tensor frequencies(long dim) {
    double rescaled =
        rotaryBaseRescaleFactor == 1
            ? Frequencies.THETA
            : Frequencies.THETA * Math.pow(rotaryBaseRescaleFactor, dim / (dim - 2.0));
    return Frequencies.of((int) ((dim + 1) / 2), dim, rescaled);
  }
}
