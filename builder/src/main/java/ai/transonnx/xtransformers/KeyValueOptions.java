package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** The options of keys and values. Immutable. */
public record KeyValueOptions(
    @Option(
            value =
                "PyTorch's fused attention; the same numbers, except for queries whose keys are all"
                    + " masked",
            defaultValue = "false",
            since = "1.12.2")
        boolean flash,
    @Option(
            value = "kernels of PyTorch's fused attention; the same numbers",
            defaultValue = "null",
            since = "1.42.6")
        @Nullable FusedKernelKeywords attendSdpKwargs,
    @Option(
            value = "a causal mask that ONNX can express; the same numbers",
            defaultValue = "false",
            since = "1.16.17")
        boolean onnxable,
    @Option(
            value =
                "a key and a value of zeros before all others, which allow attending to nothing",
            defaultValue = "false",
            since = "1.16.22")
        boolean addZeroKv,
    @Option(
            value =
                "number of key and value heads (grouped-query attention); query head i uses head i"
                    + " mod kv_heads (default: one per query head)",
            defaultValue = "null",
            since = "1.19.0")
        @Nullable Integer kvHeads,
    @Option(
            value = "dimension of the input of keys and values (default: dim)",
            defaultValue = "null",
            since = "1.25.2")
        @Nullable Integer dimContext) {
  public KeyValueOptions {
    if (kvHeads != null) {
      Ranges.checkInteger("kv_heads", kvHeads, 1, 1 << 12);
    }
    if (dimContext != null) {
      Ranges.checkInteger("dim_context", dimContext, 1, 1 << 24);
    }
  }

  /** Checks options that depend on other options of attention. */
  void check(boolean oneKvHead) {
    if (oneKvHead && kvHeads != null) {
      throw new ConfigException(
          "'one_kv_head' is true and 'kv_heads' is %s; set only one of them".formatted(kvHeads));
    }
  }

  /** Checks options that depend on the number of heads. */
  void check(int heads, boolean tensorProduct) {
    if (kvHeads == null) {
      return;
    }
    if (heads % kvHeads != 0) {
      throw new ConfigException(
          "'attn_kv_heads' is %s; 'heads', which is %s, must be divisible by it"
              .formatted(kvHeads, heads));
    }
    if (tensorProduct && kvHeads > 1 && kvHeads < heads) {
      throw new ConfigException(
          "'attn_kv_heads' is %s; it must be 1 or equal to 'heads' with 'attn_tensor_product'"
              .formatted(kvHeads));
    }
  }

  /** Checks options of layers that attend to their own sequence. */
  void checkSelfAttention(int dim) {
    if (dimContext != null && dimContext != dim) {
      throw new ConfigException(
          "'attn_dim_context' is %s; it must be equal to 'dim', which is %s, in layers with self-attention; 'cross_attn_dim_context' is that of cross-attention"
              .formatted(dimContext, dim));
    }
  }

  /** The number of keys of zeros, 0 or 1. */
  int zeroKeys() {
    return addZeroKv ? 1 : 0;
  }
}
