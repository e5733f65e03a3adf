package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;

/** The options of values, of norms of a head's features, and of the heads' outputs. Immutable. */
public record ValueOptions(
    @Option(
            value = "rotary position embeddings of values as well",
            defaultValue = "false",
            since = "1.20.0",
            until = "1.44.7")
        boolean rotaryEmbedValues,
    @Option(
            value = "attend to exponentials of values, and take the logarithm (LASER)",
            defaultValue = "false",
            since = "1.42.19")
        boolean laser,
    @Option(value = "soft limit of values with laser", defaultValue = "15.0", since = "1.42.23")
        double laserSoftclampValue,
    @Option(value = "RMS norm of each head's values", defaultValue = "false", since = "2.4.14")
        boolean valueRmsnorm,
    @Option(
            value = "RMS norm of each head's queries and keys",
            defaultValue = "false",
            since = "2.17.1")
        boolean qkRmsnorm,
    @Option(value = "RMS norm of each head's keys", defaultValue = "false", since = "2.17.1")
        boolean kRmsnorm,
    @Option(
            value = "remove the projection of the heads' outputs on the values",
            defaultValue = "false",
            since = "2.11.20")
        boolean orthogProjectedValues,
    @Option(
            value = "the same numbers; with orthog_projected_values they are concatenated",
            defaultValue = "false",
            since = "2.11.22")
        boolean orthogProjectedValuesPerHead) {
  public ValueOptions {
    Ranges.checkFinite("laser_softclamp_value", laserSoftclampValue);
    if (laserSoftclampValue == 0) {
      throw ConfigException.notAllowed("laser_softclamp_value", 0, "nonzero");
    }
    if (qkRmsnorm && kRmsnorm) {
      throw new ConfigException(
          "'qk_rmsnorm' and 'k_rmsnorm' are both true; set at most one of them");
    }
  }

  /** The number of copies of the outputs without their projection on the values; 0 to keep it. */
  int orthogonalCopies() {
    return (orthogProjectedValues ? 1 : 0) + (orthogProjectedValuesPerHead ? 1 : 0);
  }

  /** Checks options of cross-attention. */
  void checkCrossAttention() {
    if (orthogonalCopies() > 0) {
      throw ConfigException.notAllowed(
          orthogProjectedValues
              ? "cross_attn_orthog_projected_values"
              : "cross_attn_orthog_projected_values_per_head",
          true,
          "false in layers with cross-attention, whose outputs have other positions than its"
              + " values");
    }
  }
}
