package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.SoftClamp;
import org.jspecify.annotations.Nullable;

/** The options of the end of a stack. Immutable. */
public record FinalNormOptions(
    @Option(
            value =
                "a final norm after pre-norm layers (default: true, in a TransformerBlock false);"
                    + " always there before 2.5.6",
            defaultValue = "null",
            since = "1.15.1")
        @Nullable Boolean preNormHasFinalNorm,
    @Option(
            value = "also normalize the sum after each layer, instead of a final norm",
            defaultValue = "false",
            since = "2.17.10")
        boolean preAndPostNorm,
    @Option(
            value = "limit the last layer's output by a hyperbolic tangent before the final norm",
            defaultValue = "false",
            since = "1.31.6")
        boolean softclampOutput,
    @Option(
            value =
                "the limit (default: 30, before 1.31.10 50; before 1.31.6 none, and a limit sets"
                    + " softclamp_output)",
            defaultValue = "null",
            since = "1.31.0")
        @Nullable Double softclampOutputValue) {
  public FinalNormOptions {
    if (softclampOutputValue != null) {
      SoftClamp.check("softclamp_output_value", softclampOutputValue);
    }
  }

  /** Limits the last layer's output; null if nothing does. */
  @Nullable SoftClamp clamp(Profile profile) {
    var norms = profile.norms();
    if (!softclampOutput && !(norms.clampsOutputByValue() && softclampOutputValue != null)) {
      return null;
    }
    return new SoftClamp(softclampOutputValue == null ? norms.outputLimit() : softclampOutputValue);
  }
}
