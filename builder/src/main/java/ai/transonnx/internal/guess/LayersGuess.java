package ai.transonnx.internal.guess;

/** The stack of attention and feedforward layers of x-transformers. */
final class LayersGuess {
  private final Tensors tensors;
  private final boolean isPaddle;
  private final Options options = new Options();
  private long dim;

  private LayersGuess(Tensors tensors, boolean isPaddle) {
    this.tensors = tensors;
    this.isPaddle = isPaddle;
  }

  static Options of(Tensors tensors, String library) {
    var guess = new LayersGuess(tensors, library.endsWith("paddle"));
    guess.order();
    guess.norms();
    guess.attention();
    guess.feedforward();
    guess.positions();
    return guess.options;
  }

  /** Which kinds of layers follow one another: a for attention, f for feedforward. */
  private void order() {
    var attention = tensors.indices("layers\\.(\\d+)\\.1\\.(?:fn\\.)*to_q\\.");
    var order = new StringBuilder();
    for (int layer : tensors.indices("layers\\.(\\d+)\\.")) {
      order.append(attention.contains(layer) ? 'a' : 'f');
    }
    String kinds = order.toString();
    long feedforwards = kinds.chars().filter(kind -> kind == 'f').count();
    if (kinds.matches("(af)+")) {
      options.number("depth", feedforwards);
    } else if (kinds.matches("(aaf)+")) {
      options.number("depth", feedforwards).flag("cross_attend", true);
    } else if (kinds.matches("(faf)+")) {
      options.number("depth", feedforwards / 2).flag("macaron", true);
    } else {
      options.unknown(
          "depth: the order of the layers is " + kinds.substring(0, Math.min(99, kinds.length())));
    }
  }

  private void norms() {
    boolean isScalar = tensors.shapes().containsKey("layers.0.0.0.g");
    if (isScalar) {
      boolean isOne = tensors.size("layers.0.0.0.g", 0) == 1;
      options.flag("use_scalenorm", isOne).flag("use_rmsnorm", !isOne);
    }
    options.flag("gate_residual", hasPart("gru."));
    if (hasPart("residual_scale")) {
      options.unknown("scale_residual or deepnorm: one of them is on");
    }
  }

  private boolean hasPart(String part) {
    return tensors.shapes().keySet().stream().anyMatch(name -> name.contains("." + part));
  }

  private String first(String part) {
    return tensors.shapes().keySet().stream()
        .filter(name -> name.startsWith("layers.") && name.contains("." + part))
        .findFirst()
        .orElse("");
  }

  private long inputs(String weight) {
    return tensors.size(weight, isPaddle ? 0 : 1);
  }

  private long outputs(String weight) {
    return tensors.size(weight, isPaddle ? 1 : 0);
  }

  private void attention() {
    String query = first("to_q.weight");
    dim = Math.max(inputs(query), inputs(first("ff.0.")));
    options.number("dim", dim);
    long all = outputs(query);
    long heads = heads();
    long keys = outputs(first("to_k.weight"));
    if (heads == 0 && keys > 0 && keys < all) {
      heads = all / keys;
    }
    if (heads > 0) {
      options.number("heads", heads).number("attn_dim_head", all / heads);
      options.flag("attn_one_kv_head", heads > 1 && keys == all / heads);
    } else if (all > 0) {
      options.unknown("heads and attn_dim_head: their product is " + all);
    }
    options
        .number("attn_num_mem_kv", tensors.size(first("mem_k"), 1))
        .flag("attn_talking_heads", hasPart("pre_softmax_talking_heads"))
        .flag("attn_head_scale", hasPart("head_scale_params"))
        .flag("attn_gate_values", hasPart("to_v_gate."))
        .flag("attn_on_attn", hasPart("to_out.0.weight"))
        .unknown("causal masks, dropouts, shifts, sparse attention: they have no weights");
  }

  /** The number of heads, where a parameter has one for each; 0 where none has. */
  private long heads() {
    long[] counts = {
      tensors.size(first("mem_k"), 0),
      tensors.size(first("head_scale_params"), 1),
      tensors.size(first("pre_softmax_talking_heads.weight"), 0),
      tensors.size("rel_pos.relative_attention_bias.weight", 1)
    };
    for (long count : counts) {
      if (count > 0) {
        return count;
      }
    }
    return 0;
  }

  private void feedforward() {
    String gated = first("ff.0.proj.weight");
    String plain = first("ff.0.0.weight");
    options.flag("ff_glu", !gated.isEmpty());
    long hidden = gated.isEmpty() ? outputs(plain) : outputs(gated) / 2;
    options.ratio("ff_mult", hidden, dim);
    if (hidden > 0) {
      options.unknown("the feedforward's activation: it has no weights");
    }
  }

  private void positions() {
    options
        .flag("rel_pos_bias", tensors.has("rel_pos.relative_attention_bias.weight"))
        .flag("alibi_pos_bias", tensors.has("rel_pos.learned_logslopes"))
        .flag("alibi_learned", tensors.has("rel_pos.learned_logslopes"))
        .flag("dynamic_pos_bias", tensors.hasUnder("rel_pos.mlp."))
        .flag("rotary_xpos", tensors.has("rotary_pos_emb.scale"));
    if (!tensors.has("rotary_pos_emb.scale")) {
      options.flag("rotary_pos_emb", tensors.has("rotary_pos_emb.inv_freq"));
    }
  }
}
