package ai.transonnx.xtransformers;

import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether queries, keys and values are rotated by their positions. */
public record RotaryOptions(
    @Option(value = "rotate queries, keys and values by the position", defaultValue = "false")
        boolean rotaryPosEmb,
    @Option(value = "features that are rotated, at least 32", defaultValue = "null")
        @Nullable Integer rotaryEmbDim,
    @Option(value = "rotate them, and scale them by the position", defaultValue = "false")
        boolean rotaryXpos,
    @Option(
            value = "positions in which the scale of rotary_xpos changes by its own power",
            defaultValue = "512")
        double rotaryXposScaleBase) {
  private static final int LEAST = 32;

  public RotaryOptions {
    if (rotaryEmbDim != null) {
      Ranges.checkInteger("rotary_emb_dim", rotaryEmbDim, 0, 1 << 16);
    }
    Ranges.checkFinite("rotary_xpos_scale_base", rotaryXposScaleBase);
    if (rotaryXposScaleBase == 0) {
      throw ConfigException.notAllowed("rotary_xpos_scale_base", 0, "a number but 0");
    }
  }

  boolean isRotary() {
    return rotaryPosEmb || rotaryXpos;
  }

  /** Checks what depends on the layers. */
  void check(boolean causal, AttentionOptions attention) {
    if (rotaryXpos && !causal) {
      throw new ConfigException(
          "'rotary_xpos' is true; it must be false where attention goes in both directions");
    }
    long features = features(attention.dimHead());
    if (isRotary() && features > Math.min(attention.dimHead(), attention.valueFeatures())) {
      throw new ConfigException(
          "'attn_dim_head' is %s, of values %s; it must be at least %s, the features that are rotated"
              .formatted(attention.dimHead(), attention.valueFeatures(), features));
    }
  }

  /** Checks that some layer attends to its own sequence: nothing else is rotated. */
  void checkLayers(List<LayerKind> layers) {
    if (isRotary() && !layers.contains(LayerKind.ATTENTION)) {
      throw ConfigException.notAllowed(
          rotaryPosEmb ? "rotary_pos_emb" : "rotary_xpos",
          true,
          "false where no layer attends to its own sequence");
    }
  }

  /** The embedding of heads of this size, or null if there is none. */
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
    return Math.max(rotaryEmbDim == null ? dimHead / 2 : rotaryEmbDim, LEAST);
  }
}
