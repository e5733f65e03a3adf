package ai.transonnx.xtransformers;

import ai.transonnx.attention.PolarEmbedding;
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
        @Nullable Boolean disableAbsPosEmb,
    @Option(value = "polar position embeddings (PoPE)", defaultValue = "false", since = "2.12.0")
        boolean polarPosEmb,
    @Option(
            value = "initialize the biases of polar position embeddings at random",
            defaultValue = "false",
            trainingOnly = true,
            since = "2.12.0")
        boolean polarBiasUniformInit) {
  /**
   * The polar embedding of positions, or null if it is not enabled.
   *
   * @param setting the setting of self-attention
   * @throws ConfigException if the library refuses other options with it
   */
  @Nullable PolarEmbedding polar(AttentionSetting setting, boolean isRotary) {
    if (!polarPosEmb) {
      return null;
    }
    boolean biasesHeads = setting.profile().positions().polarBiasByHead();
    refuse("rotary_pos_emb", isRotary);
    refuse("attn_num_mem_kv", setting.options().numMemKv() > 0);
    refuse("attn_use_cope", setting.options().inputBiases().useCope());
    refuse("attn_kv_heads", biasesHeads && setting.keyHeads() != setting.heads());
    return new PolarEmbedding(
        setting.options().dimHead(), biasesHeads ? setting.heads() : 0, 1 / setting.scoreScale());
  }

  private static void refuse(String other, boolean isSet) {
    if (isSet) {
      throw new ConfigException(
          "'polar_pos_emb' is true; it cannot be combined with '%s'".formatted(other));
    }
  }

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
