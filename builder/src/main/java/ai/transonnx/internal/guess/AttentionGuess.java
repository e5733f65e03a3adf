package ai.transonnx.internal.guess;

import java.util.LinkedHashMap;
import java.util.Map;

/** The options of x-transformers' attention that determine shapes. */
final class AttentionGuess {
  /** Tensors with a dimension of all heads, and that dimension. */
  private static final Map<String, Integer> HEADS = heads();

  private final Tensors tensors;
  private final boolean isPaddle;
  private final Options options;

  AttentionGuess(Tensors tensors, boolean isPaddle, Options options) {
    this.tensors = tensors;
    this.isPaddle = isPaddle;
    this.options = options;
  }

  private static Map<String, Integer> heads() {
    var heads = new LinkedHashMap<String, Integer>();
    heads.put("\\.mem_k$", 0);
    heads.put("\\.head_scale_params$", 1);
    heads.put("\\.pre_softmax_(talking_heads\\.weight|proj)$", 0);
    heads.put("\\.collab_mixing$", 0);
    heads.put("^layers\\.\\d+\\.1\\.(fn\\.)*scale$", 1);
    heads.put("^rel_pos\\.relative_attention_bias\\.weight$", 1);
    heads.put("^rel_pos\\.mlp\\.\\d+\\.weight$", 0);
    return heads;
  }

  private long outputs(String projection) {
    return tensors.sizeLike("\\.%s\\.weight$".formatted(projection), isPaddle ? 1 : 0);
  }

  void guess() {
    long keys = outputs("to_k");
    long values = outputs("to_v");
    boolean sharesProjections = tensors.hasLike("\\.collab_mixing$");
    long all = sharesProjections ? values : outputs("to_q");
    long heads = headCount(all, keys);
    options.number("attn_num_mem_kv", tensors.sizeLike("\\.mem_k$", 1));
    if (all == 0) {
      return;
    }
    if (heads == 0) {
      options.hint("heads", "heads * attn_dim_head is " + all);
      options.unknown("attn_dim_head");
    } else {
      options.number("heads", heads).number("attn_dim_head", all / heads);
    }
    if (sharesProjections) {
      options.ratio("attn_collab_compression", keys, all);
    } else {
      boolean hasOne = keys < all;
      options.flag("attn_one_kv_head", hasOne).flag("attn_shared_kv", values == 0);
      valueDimension(keys, values, hasOne ? 1 : heads);
    }
  }

  private void valueDimension(long keys, long values, long keyHeads) {
    if (values == keys || values == 0) {
      return;
    }
    if (keyHeads > 0) {
      options.number("attn_value_dim_head", values / keyHeads);
    } else {
      options.hint("attn_value_dim_head", "heads * attn_value_dim_head is " + values);
    }
  }

  /** The number of heads, or 0 if no tensor determines it. */
  private long headCount(long all, long keys) {
    for (var entry : HEADS.entrySet()) {
      long count = tensors.sizeLike(entry.getKey(), entry.getValue());
      if (count > 0) {
        return count;
      }
    }
    long headSize = tensors.sizeLike("\\.qk_norm_q_scale$", 0);
    if (headSize == 0 && keys < all) {
      headSize = keys; // one head of keys
    }
    return headSize == 0 ? 0 : all / headSize;
  }
}
