package ai.transonnx.xtransformers;

import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.attention.RotaryEmbedding.RotatedValues;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.FailingFeature;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.Profile;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of rotary position embeddings. Immutable. */
public record RotaryOptions(
    @Option(value = "rotary position embeddings (RoPE)", defaultValue = "false")
        boolean rotaryPosEmb,
    @Option(value = "number of rotated features; at least 32 before 1.42.18", defaultValue = "null")
        @Nullable Integer rotaryEmbDim,
    @Option(
            value = "xPos: rotary embeddings with position-dependent scales",
            defaultValue = "false",
            since = "1.6.0")
        boolean rotaryXpos,
    @Option(
            value = "number of positions per power of the xPos scale",
            defaultValue = "512",
            since = "1.6.0")
        double rotaryXposScaleBase,
    @OptionGroup RotaryScalingOptions scaling,
    @Option(
            value = "number of heads, the last ones, with rotary embeddings (default: all)",
            defaultValue = "null",
            since = "2.0.2")
        @Nullable Integer rotateNumHeads) {
  public RotaryOptions {
    if (rotaryEmbDim != null) {
      Ranges.checkInteger("rotary_emb_dim", rotaryEmbDim, 0, 1 << 16);
    }
    Ranges.checkFinite("rotary_xpos_scale_base", rotaryXposScaleBase);
    if (rotaryXposScaleBase == 0) {
      throw ConfigException.notAllowed("rotary_xpos_scale_base", 0, "nonzero");
    }
  }

  boolean isRotary() {
    return rotaryPosEmb || rotaryXpos;
  }

  /** Checks options that depend on other options of the layers. */
  void check(boolean causal) {
    if (rotaryXpos && !causal) {
      throw new ConfigException(
          "'rotary_xpos' is true; it must be false if attention is not causal");
    }
  }

  /** Checks that some layer has self-attention, since the library rotates nothing else. */
  void checkLayers(List<LayerKind> layers) {
    if (isRotary() && !layers.contains(LayerKind.ATTENTION)) {
      throw ConfigException.notAllowed(
          rotaryPosEmb ? "rotary_pos_emb" : "rotary_xpos",
          true,
          "false if no layer has self-attention");
    }
  }

  /**
   * The embedding for this head dimension, or null if none is enabled.
   *
   * @throws ConfigException if the release refuses an option
   */
  @Nullable RotaryEmbedding embedding(int heads, AttentionOptions attention, Profile profile) {
    if (!isRotary()) {
      return null;
    }
    FailingFeature.ROTARY.check(
        profile.release(), rotaryPosEmb ? "rotary_pos_emb" : "rotary_xpos", true);
    var positions = profile.positions();
    if (rotaryXpos && !positions.hasXpos()) {
      throw new ConfigException(
          "'rotary_xpos' is true; release %s of the library raises an error with it"
              .formatted(profile.release()));
    }
    var values = positions.rotatedValues(attention.values().rotaryEmbedValues());
    long dim = dim(attention.dimHead(), profile);
    checkFeatures(RotaryEmbedding.features(dim), heads, attention, values);
    return new RotaryEmbedding(
        dim,
        scaling.frequencies(dim),
        scaling.rotaryInterpolationFactor(),
        rotaryXpos ? rotaryXposScaleBase : null,
        positions.rotationLayout(),
        lastHeads(heads, attention),
        values);
  }

  private @Nullable Integer lastHeads(int heads, AttentionOptions attention) {
    var given = rotateNumHeads == null ? attention.former().rotateNumHeads() : rotateNumHeads;
    var latent = attention.latent().latentRopeSubheads();
    if (latent != null && given != null) {
      throw new ConfigException(
          "'rotate_num_heads' is %s; it must be null with 'attn_latent_rope_subheads'"
              .formatted(given));
    }
    if (latent != null) {
      return latent;
    }
    if (given == null) {
      return null;
    }
    Ranges.checkInteger("rotate_num_heads", given, 1, heads);
    if (given < heads && attention.keyHeads(heads) != heads) {
      throw new ConfigException(
          "'rotate_num_heads' is %s; it must be %s, the number of heads, with fewer key heads"
              .formatted(given, heads));
    }
    return given == heads ? null : given;
  }

  private static void checkFeatures(
      long features, int heads, AttentionOptions attention, RotatedValues values) {
    long least = Math.min(attention.dimHead(), attention.keyFeatures(heads));
    if (values == RotatedValues.ROTATED_LIKE_KEYS) {
      least = Math.min(least, attention.valueFeatures());
    }
    if (features > least) {
      throw new ConfigException(
          "'attn_dim_head' is %s and 'attn_value_dim_head' is %s; both must be at least %s, the number of rotated features"
              .formatted(attention.dimHead(), attention.valueFeatures(), features));
    }
  }

  private long dim(int dimHead, Profile profile) {
    int least = profile.positions().leastRotated();
    return Math.max(rotaryEmbDim == null ? dimHead / 2 : rotaryEmbDim, least);
  }
}
