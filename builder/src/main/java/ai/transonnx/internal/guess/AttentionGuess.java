package ai.transonnx.internal.guess;

import ai.transonnx.xtransformers.AttentionOptions;
import java.util.List;

/** The options of an attention layer of x-transformers, by the tensors of its module. */
final class AttentionGuess {
  /** Tensors whose last dimension is that of one head. */
  private static final List<String> OF_ONE_HEAD =
      List.of(
          "mem_k", "qk_norm_q_scale", "q_rmsnorm.gamma", "k_rmsnorm.gamma", "attend.cope.pos_emb");

  private final Tensors module;
  private final Origin origin;
  private final AttentionSizes sizes;
  private final Options layers;
  private final Options options;

  /**
   * A guess.
   *
   * @param layers the options of the layers, which have the number of heads
   */
  AttentionGuess(Tensors module, Origin origin, Options layers) {
    this.module = module;
    this.origin = origin;
    this.sizes = AttentionSizes.of(module, origin.isPort());
    this.layers = layers;
    this.options = Options.of(AttentionOptions.class, origin);
  }

  /**
   * The options, without a prefix.
   *
   * @param heads the number of heads; 0 if it is not known
   */
  Options guess(long dim, long heads) {
    if (sizes.queries() > 0) {
      features(heads);
      options
          .flag("on_attn", module.has("to_out.0.weight"))
          .flag("tensor_product", module.has("to_r.weight"))
          .flag("head_scale", module.has("head_scale_params"))
          .number("num_mem_kv", module.size("mem_k", 1));
      inputs(dim);
      talkingHeads();
      new AttentionPartsGuess(module, sizes.outputs(), layers, options).guess();
    }
    SilentOptions.ofAttention(options, origin);
    return options;
  }

  /** The number of features of a head, and the number of heads of keys and values. */
  private void features(long heads) {
    boolean collaborate = module.has("collab_mixing");
    long all = collaborate ? sizes.values() : sizes.queries();
    long headSize = headSize(heads, all);
    if (headSize == 0) {
      layers.hint("heads", "heads * attn_dim_head is " + all);
      options.unknown("dim_head");
    } else {
      layers.number("heads", all / headSize);
      options.number("dim_head", headSize);
    }
    options.flag("shared_kv", sizes.values() == 0).flag("collab_heads", collaborate);
    if (collaborate) {
      options.ratio("collab_compression", sizes.keys(), all);
    } else if (headSize == 0) {
      keysOfUnknownSize();
    } else {
      keyHeads(headSize);
    }
  }

  /** The number of features of a head, or 0 if no tensor determines it. */
  private long headSize(long heads, long all) {
    if (heads > 0) {
      return all / heads;
    }
    var known = OF_ONE_HEAD.stream().filter(module::has).findFirst();
    if (known.isPresent()) {
      return module.lastSize(known.get());
    }
    boolean isKeyHead = sizes.sharesKeys() && !options.has("kv_heads");
    return isKeyHead ? sizes.keys() : 0;
  }

  /** Keys and values of one head, or of several that are fewer than those of queries. */
  private void keysOfUnknownSize() {
    if (sizes.sharesKeys()) {
      options
          .flag("one_kv_head", true)
          .hint("one_kv_head", "true, unless kv_heads is set")
          .hint("kv_heads", "the heads of keys have %s features in all".formatted(sizes.keys()))
          .number("dim_head", sizes.keys());
      layers.number("heads", sizes.queries() / sizes.keys());
    }
    if (sizes.values() != sizes.keys() && sizes.values() > 0) {
      options.hint("value_dim_head", "dim_head * %s / %s".formatted(sizes.values(), sizes.keys()));
    }
  }

  private void keyHeads(long headSize) {
    long count = sizes.keys() / headSize;
    if (count == 1 && sizes.sharesKeys() && options.has("one_kv_head")) {
      options.flag("one_kv_head", true);
    } else if (sizes.sharesKeys()) {
      options.number("kv_heads", count);
    }
    if (count > 0 && sizes.values() > 0 && sizes.values() / count != headSize) {
      options.number("value_dim_head", sizes.values() / count);
    }
  }

  /** The number of features that keys and values are computed from. */
  private void inputs(long dim) {
    long latents = module.size("to_latent_kv.weight", 0);
    long inputs =
        latents > 0
            ? module.size("to_latent_kv.weight", 1)
            : module.size("to_k.weight", origin.isPort() ? 0 : 1);
    options
        .number("dim_context", inputs == dim ? 0 : inputs)
        .flag("use_latent_q", module.has("to_latent_q.weight"))
        .number("dim_latent_q", module.size("to_latent_q.weight", 0))
        .flag("use_latent_kv", latents > 0)
        .number("dim_latent_kv", latents);
    long rotated = module.size("to_rotateable_k.weight", 0);
    if (rotated > 0 && options.isUnknown("dim_head")) {
      options.hint("latent_rope_subheads", "heads of %s features in all".formatted(rotated));
    } else if (rotated > 0) {
      options.number("latent_rope_subheads", rotated / options.value("dim_head"));
    }
  }

  private void talkingHeads() {
    boolean before = module.hasLike("^(attend\\.)?pre_softmax_(talking_heads\\.|proj$)");
    boolean after = module.hasLike("^(attend\\.)?post_softmax_(talking_heads\\.|proj$)");
    if (options.has("talking_heads")) {
      options.flag("talking_heads", before);
    } else {
      options.flag("pre_talking_heads", before).flag("post_talking_heads", after);
    }
    options.flag(
        "pre_scale_post_talking_heads", module.has("attend.pre_scale_post_talking_heads.weight"));
  }
}
