package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/** The options of position biases that are computed from the input. Immutable. */
public record InputBiasOptions(
    @Option(
            value =
                "data-dependent ALiBi: gates, computed from the input, reduce the scores of earlier"
                    + " keys (Forgetting Transformer)",
            defaultValue = "false",
            since = "1.41.0")
        boolean dataDependentAlibi,
    @Option(
            value = "each query has gates of its own, computed from queries and keys",
            defaultValue = "false",
            since = "1.41.2")
        boolean dataDependentAlibiPerRow,
    @Option(
            value = "number of features of the queries and keys of these gates",
            defaultValue = "8",
            since = "1.41.2")
        int dataDependentAlibiPerRowDimHead,
    @Option(
            value = "keyword arguments of data-dependent ALiBi: bias_init, post_log_scale",
            defaultValue = "null",
            since = "1.41.3")
        @Nullable DataDependentAlibiKeywords dataDependentAlibiKwargs,
    @Option(
            value = "add learned curves of the distance, whose weights are computed from the input",
            defaultValue = "false",
            since = "2.24.0")
        boolean useRelProjPosBias,
    @Option(value = "number of these curves", defaultValue = "16", since = "2.24.0")
        int relProjNumDistanceBasis,
    @Option(
            value = "distance from which on these curves are 0",
            defaultValue = "1024",
            since = "2.24.0")
        int relProjMaxDist,
    @OptionGroup(prefix = "cope_") ContextualPositionOptions cope,
    @Option(
            value =
                "contextual position encoding (CoPE): positions count the keys that gates select",
            defaultValue = "false",
            since = "1.30.7")
        boolean useCope) {
  public InputBiasOptions {
    Ranges.checkInteger(
        "data_dependent_alibi_per_row_dim_head", dataDependentAlibiPerRowDimHead, 1, 1 << 16);
    Ranges.checkInteger("rel_proj_num_distance_basis", relProjNumDistanceBasis, 1, 1 << 16);
    Ranges.checkInteger("rel_proj_max_dist", relProjMaxDist, 1, 1 << 24);
    if (dataDependentAlibiPerRow
        && dataDependentAlibiKwargs != null
        && dataDependentAlibiKwargs.biasInit() != DataDependentAlibiKeywords.DEFAULTS.biasInit()) {
      throw new ConfigException(
          "'bias_init' of 'data_dependent_alibi_kwargs' is set; it must be left out with"
              + " 'data_dependent_alibi_per_row', whose gates have no bias");
    }
  }

  DataDependentAlibiKeywords alibiKeywords() {
    return dataDependentAlibiKwargs == null
        ? DataDependentAlibiKeywords.DEFAULTS
        : dataDependentAlibiKwargs;
  }

  /** Checks options of attention that is not causal self-attention. */
  void checkCausal(String prefix, boolean causal, Profile profile) {
    if (useCope && !causal) {
      throw new ConfigException(
          "'%suse_cope' is true; it must be false if attention is not causal".formatted(prefix));
    }
    if (dataDependentAlibi && !causal && !profile.inputBiases().forgettingLooksAhead()) {
      throw new ConfigException(
          "'%sdata_dependent_alibi' is true; in release %s it must be false if attention is not causal"
              .formatted(prefix, profile.release()));
    }
    if (dataDependentAlibi && dataDependentAlibiPerRow && !causal) {
      throw new ConfigException(
          "'%sdata_dependent_alibi_per_row' is true; it must be false if attention is not causal"
              .formatted(prefix));
    }
  }

  /** Checks the options of cross-attention. */
  void checkCross(Profile profile) {
    checkCausal("cross_attn_", false, profile);
    if (dataDependentAlibi) {
      throw new ConfigException(
          "'cross_attn_data_dependent_alibi' is true; it must be false, since the gates of a"
              + " sequence do not fit a context of another length");
    }
  }

  /** Checks options that position biases of the layers exclude. */
  void checkBiases(BiasOptions biases) {
    if (dataDependentAlibi && (biases.alibiPosBias() || biases.relPosBias())) {
      throw new ConfigException(
          "'attn_data_dependent_alibi' and '%s' are both true; set at most one of them"
              .formatted(biases.alibiPosBias() ? "alibi_pos_bias" : "rel_pos_bias"));
    }
  }
}
