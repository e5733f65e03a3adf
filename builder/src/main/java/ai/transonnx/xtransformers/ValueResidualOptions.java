package ai.transonnx.xtransformers;

import ai.transonnx.attention.ValueMix;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/** The options of values that are mixed with those of the first layer. Immutable. */
public record ValueResidualOptions(
    @Option(
            value = "mix each layer's values with those of the first layer (value residual)",
            defaultValue = "false",
            since = "1.40.7")
        boolean addValueResidual,
    @Option(
            value =
                "compute the weights of that mixture from the input (default: true since 1.42.28)",
            defaultValue = "null",
            since = "1.42.14")
        @Nullable Boolean learnedValueResidualMix) {
  /**
   * The way in which a layer's values are mixed with those of the first layer of its kind; null if
   * they are not.
   *
   * @param index the index of the layer
   * @throws ConfigException if the release refuses an option
   */
  @Nullable ValueMix mix(LayerKind kind, int index, AttentionLayersConfig config, Profile profile) {
    var values = profile.valueResiduals();
    boolean isCross = kind == LayerKind.CROSS_ATTENTION;
    var options = config.options();
    if (!isEnabled(options)
        || kind == LayerKind.FEED_FORWARD
        || (isCross && !values.mixesCross())) {
      return null;
    }
    var attention = isCross ? options.crossAttention() : options.attention();
    if (attention.former().neutrenoValueResidual()) {
      check(isCross, index, config);
      return new ValueMix.OutputDifference(attention.former().neutrenoAlpha(), values.stage());
    }
    if (!hasWeights(kind, index, config, profile)) {
      return values.constant();
    }
    if (isCross) {
      throw new ConfigException(
          "'learned_value_residual_mix' is true; it must be false with cross-attention in release %s, which computes one weight per position of the sequence for the values of the context"
              .formatted(profile.release()));
    }
    var learned = values.learned(config.dim(), options.heads());
    checkHeads(attention, options.heads(), learned);
    return learned;
  }

  /** Whether a layer's module has weights to mix values; the first of its kind has none. */
  boolean hasWeights(LayerKind kind, int index, AttentionLayersConfig config, Profile profile) {
    var values = profile.valueResiduals();
    boolean isLearned =
        learnedValueResidualMix == null ? values.learnsByDefault() : learnedValueResidualMix;
    return isEnabled(config.options())
        && isLearned
        && (kind == LayerKind.ATTENTION
            || (kind == LayerKind.CROSS_ATTENTION && values.learnsCross()))
        && config.layers().indexOf(kind) != index;
  }

  private boolean isEnabled(LayerOptions options) {
    return addValueResidual || options.attention().former().neutrenoValueResidual();
  }

  private static void check(boolean isCross, int index, AttentionLayersConfig config) {
    if (isCross && config.layers().indexOf(LayerKind.CROSS_ATTENTION) != index) {
      throw new ConfigException(
          "'attn_neutreno_value_residual' is true; it must be false with several layers of"
              + " cross-attention, since values of the context have no position in the output");
    }
  }

  private static void checkHeads(AttentionOptions attention, int heads, ValueMix.Learned learned) {
    if (learned.heads() > 1 && attention.keyHeads(heads) != heads) {
      throw new ConfigException(
          "'learned_value_residual_mix' is true; it must be false with fewer key heads than heads,"
              + " since it computes a weight for each head");
    }
  }
}
