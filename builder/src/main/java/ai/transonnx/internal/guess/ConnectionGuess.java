package ai.transonnx.internal.guess;

/** The connections between the layers of x-transformers, and the conditions of their norms. */
final class ConnectionGuess {
  private final Tensors tensors;
  private final LayerSequence sequence;
  private final Options options;

  ConnectionGuess(Tensors tensors, LayerSequence sequence, Options options) {
    this.tensors = tensors;
    this.sequence = sequence;
    this.options = options;
  }

  void guess() {
    condition();
    streams();
    if (!options.isSet("gate_residual") && !options.isSet("num_residual_streams")) {
      options.unknown("scale_residual_constant");
      if (!options.isSet("mv_split_residual")) {
        options.unknown("orthog_residual");
      }
    }
    if (options.isSet("pre_norm") && options.isSet("scale_residual")) {
      options.unknown("deepnorm");
    }
    if (options.isSet("integrate_layers")) {
      options.unknown("layer_integrate_use_softmax");
    }
    options.unknown("attn_neutreno_value_residual", "attn_neutreno_alpha");
    if (!options.isSet("add_value_residual")) {
      options.unknown("add_value_residual", "learned_value_residual_mix");
    }
  }

  private void condition() {
    long given = tensors.size("adaptive_mlp.0.weight", 1);
    if (given > 0) {
      options
          .number("dim_condition", given)
          .ratio(
              "adaptive_condition_mlp_expansion", tensors.size("adaptive_mlp.0.weight", 0), given);
    } else {
      options.number("dim_condition", tensors.sizeLike("(^|\\.)to_gamma\\.weight$", 1));
    }
  }

  private void streams() {
    long count = tensors.sizeLike("^layers\\.\\d+\\.2\\.static_beta$", 0);
    options.number("num_residual_streams", count);
    if (count > 0) {
      options.unknown("residual_fn_kwargs");
    } else if (tensors.hasLike("^layers\\.\\d+\\.2\\.to_alpha\\.")) {
      options.withFlag("residual_fn_kwargs", "learned");
    }
    long views = sequence.layers('a').stream().findFirst().map(this::views).orElse(0L);
    options.flag("qkv_receive_diff_residuals", views > 1);
  }

  /** The number of inputs of an attention layer; 0 if no tensor tells it. */
  private long views(int layer) {
    long mixes = tensors.size("layers.%s.2.static_alpha".formatted(layer), 1);
    if (mixes > 0) {
      return mixes - options.value("num_residual_streams");
    }
    var integrator = "layer_integrators.%s.".formatted(layer);
    long queries = tensors.size(integrator + "attn_pool.queries", 0);
    long computed = tensors.size(integrator + "to_queries.1.weight", 0);
    return queries > 0 ? queries : computed / Math.max(1, options.value("dim"));
  }
}
