package ai.transonnx.xtransformers;

import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of rotary position embeddings. Immutable. */
public record RotaryOptions(
    @Option(
            value = "rotary position embeddings (RoPE) of queries, keys and values",
            defaultValue = "false")
        boolean rotaryPosEmb,
    @Option(value = "number of rotated features, at least 32", defaultValue = "null")
        @Nullable Integer rotaryEmbDim,
    @Option(
            value = "xPos: rotary embeddings with position-dependent scales",
            defaultValue = "false")
        boolean rotaryXpos,
    @Option(value = "number of positions per power of the xPos scale", defaultValue = "512")
        double rotaryXposScaleBase) {
  private static final int MIN_DIM = 32;

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
  void check(boolean causal, AttentionOptions attention) {
    if (rotaryXpos && !causal) {
      throw new ConfigException(
          "'rotary_xpos' is true; it must be false if attention is not causal");
    }
    long features = features(attention.dimHead());
    if (isRotary() && features > Math.min(attention.dimHead(), attention.valueFeatures())) {
      throw new ConfigException(
          "'attn_dim_head' is %s and 'attn_value_dim_head' is %s; both must be at least %s, the number of rotated features"
              .formatted(attention.dimHead(), attention.valueFeatures(), features));
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

  /** The embedding for this head dimension, or null if none is enabled. */
  @Nullable RotaryEmbedding embedding(int dimHead) {
    if (!isRotary()) {
      return null;
    }
    return new RotaryEmbedding(dim(dimHead), rotaryXpos ? rotaryXposScaleBase : null);
  }

  private long features(int dimHead) {
    return new RotaryEmbedding(dim(dimHead), null).features();
  }

  private long dim(int dimHead) {
    return Math.max(rotaryEmbDim == null ? dimHead / 2 : rotaryEmbDim, MIN_DIM);
  }
}
