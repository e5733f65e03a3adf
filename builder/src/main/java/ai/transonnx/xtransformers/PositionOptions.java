package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.layer.FixedWaves;
import org.jspecify.annotations.Nullable;

/** The options of positions in layers, other than those of biases and rotations. Immutable. */
public record PositionOptions(
    @Option(
            value = "add sinusoidal embeddings to the inputs of queries and keys",
            defaultValue = "false",
            until = "1.5.4")
        boolean positionInfusedAttn,
    @Option(
            value =
                "wrappers add no absolute position embeddings (default: with rel_pos_bias or rotary"
                    + " embeddings)",
            defaultValue = "null",
            since = "1.27.3")
        @Nullable Boolean disableAbsPosEmb) {
  /** The sinusoidal embeddings for this model dimension, or null if they are not enabled. */
  @Nullable FixedWaves infused(int dim) {
    if (!positionInfusedAttn) {
      return null;
    }
    if (dim % 2 != 0) {
      throw new ConfigException(
          "'dim' is %s; with 'position_infused_attn' it must be even".formatted(dim));
    }
    return new FixedWaves(dim);
  }
}
