package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.AttentionProfile;
import org.jspecify.annotations.Nullable;

/** The options of the output projection of attention. Immutable. */
public record OutputOptions(
    @Option(value = "output dimension; must equal dim", defaultValue = "null", since = "1.35.3")
        @Nullable Integer dimOut,
    @Option(
            value =
                "whether there is an output projection (default: unless there is one head without"
                    + " on_attn)",
            defaultValue = "null",
            since = "2.17.0")
        @Nullable Boolean projectOut,
    @Option(
            value = "dropout of the output",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "2.2.12")
        double sublayerDropout) {
  public OutputOptions {
    Ranges.checkProbability("sublayer_dropout", sublayerDropout);
  }

  /** Checks the output dimension, since outputs are added to the values between layers. */
  void check(String prefix, int dim) {
    if (dimOut != null && dimOut != dim) {
      throw ConfigException.notAllowed(
          prefix + "dim_out", dimOut, "equal to 'dim', which is " + dim);
    }
  }

  /** Whether the heads' outputs are the output. */
  boolean omitsProjection(int heads, boolean onAttn, AttentionProfile profile) {
    return projectOut == null
        ? heads == 1 && !onAttn && profile.omitsOutputOfOneHead()
        : !projectOut;
  }
}
