package ai.transonnx.internal.guess;

import ai.transonnx.xtransformers.MultiInputTransformerWrapperConfig;
import ai.transonnx.xtransformers.TransformerWrapperConfig;
import ai.transonnx.xtransformers.XValTransformerWrapperConfig;

/** The wrappers of x-transformers whose inputs are tokens. */
final class TokenGuess {
  private static final String EMBEDDING = "embeds\\.(.+)_embed\\.weight";

  private final Tensors tensors;
  private final Origin origin;
  private final Options layers;

  TokenGuess(Tensors tensors, Origin origin, Options layers) {
    this.tensors = tensors;
    this.origin = origin;
    this.layers = layers;
  }

  /** Whether the tensors have an embedding of tokens. */
  static boolean fits(Tensors tensors, Origin origin) {
    return tensors.has(origin.tokenTable()) || tensors.hasLike("^" + EMBEDDING);
  }

  Options guess() {
    if (!tensors.has(origin.tokenTable())) {
      return severalInputs();
    }
    return tensors.hasUnder("to_numerical_output.") ? numbers() : transformer();
  }

  private long outputs(String weight) {
    return tensors.size(weight, origin.isPort() ? 1 : 0);
  }

  private Options transformer() {
    var options = Options.of("TransformerWrapper", TransformerWrapperConfig.class, origin);
    common(options);
    if (tensors.has("project_emb.weight")) {
      options.number("emb_dim", tensors.size(origin.tokenTable(), 1));
    }
    logits(options);
    pooling(options);
    options
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .sizes("embed_num_tokens", tensors.sizes(EMBEDDING))
        .flag("ff_deep_embed", tensors.has("ff_deep_embed"))
        .flag("recycling", tensors.hasUnder("recycled_proj."))
        .flag("looped", tensors.hasUnder("exit_gate."))
        .object("attn_layers", layers)
        .unknown("shift_mem_down");
    if (options.isSet("recycling")) {
      options.unknown("recycle_steps");
    }
    if (options.isSet("looped")) {
      options.unknown("max_looped_steps");
    }
    memory(options);
    if (!options.isSet("scaled_sinu_pos_emb")) {
      options.unknown("l2norm_embed");
    }
    return options;
  }

  /** The options of all wrappers with one embedding of tokens. */
  private void common(Options options) {
    options.number("num_tokens", tensors.size(origin.tokenTable(), 0));
    WrapperPositionsGuess.guess(tensors, layers, options);
    options.unknown("max_mem_len");
  }

  private void memory(Options options) {
    options.number("num_memory_tokens", tensors.size("memory_tokens", 0));
    if (options.isSet("num_memory_tokens")) {
      options.unknown("memory_tokens_interspersed_every");
    }
  }

  private void logits(Options options) {
    int heads = tensors.indices("to_logits\\.(\\d+)\\.weight").size();
    long logits = outputs(heads > 0 ? "to_logits.0.weight" : "to_logits.weight");
    options
        .number("num_output_heads", heads)
        .number("logits_dim", logits == tensors.size(origin.tokenTable(), 0) ? 0 : logits)
        .flag("mixture_of_softmax", tensors.hasUnder("combine_mixture."))
        .number("mixture_of_softmax_k", tensors.size("combine_mixture.weight", 0))
        .flag("add_continuous_pred_head", tensors.hasUnder("to_next_embed_pred."))
        .unknown("sigsoftmax_logits");
    if (logits == 0) {
      options.flag("tie_embedding", true);
      if (options.has("return_only_embed")) {
        options.hint("tie_embedding", "true, unless return_only_embed is");
        options.unknown("return_only_embed");
      }
    }
    if (logits <= 1) {
      options.unknown("squeeze_out_last_dim");
    }
  }

  private void pooling(Options options) {
    long queries = tensors.size("attn_pool.queries", 0);
    if (queries > 0) {
      int layersOfPool = tensors.indices("attn_pool\\.pooler\\.layers\\.(\\d+)\\.").size();
      options
          .flag("attn_pool", true)
          .number("num_pooled_tokens", queries)
          .number("dim_pooled_tokens", tensors.size("attn_pool.queries", 1))
          .number("attn_pool_depth", layersOfPool / 2);
    } else if (tensors.has("cls_token")) {
      boolean flat = tensors.rank("cls_token") == 1;
      options
          .flag("use_cls_token", true)
          .number("num_cls_tokens", flat ? 0 : tensors.size("cls_token", 0));
    } else {
      options.unknown("average_pool_embed");
    }
  }

  private Options numbers() {
    var options = Options.of("XValTransformerWrapper", XValTransformerWrapperConfig.class, origin);
    common(options);
    long logits = outputs("to_logits.weight");
    return options
        .hint("numerical_token_id", Options.REQUIRED)
        .number("logits_dim", logits == tensors.size(origin.tokenTable(), 0) ? 0 : logits)
        .flag("tie_embedding", logits == 0)
        .number("num_memory_tokens", tensors.size("memory_tokens", 0))
        .object("attn_layers", layers);
  }

  private Options severalInputs() {
    var options =
        Options.of("MultiInputTransformerWrapper", MultiInputTransformerWrapperConfig.class, origin)
            .sizes("num_tokens", tensors.sizes(EMBEDDING));
    WrapperPositionsGuess.guess(tensors, layers, options);
    if (tensors.has("project_emb.weight")) {
      options.number("emb_dim", tensors.size("project_emb.weight", 1));
    }
    options
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .flag("return_only_embed", !tensors.hasUnder("to_logits."))
        .object("attn_layers", layers)
        .unknown("max_mem_len", "shift_mem_down");
    memory(options);
    return options;
  }
}
