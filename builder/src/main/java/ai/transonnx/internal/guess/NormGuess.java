package ai.transonnx.internal.guess;

/** The norms of the layers of x-transformers: their class, and where they are. */
final class NormGuess {
  private final Tensors tensors;
  private final Origin origin;
  private final Options options;

  NormGuess(Tensors tensors, Origin origin, Options options) {
    this.tensors = tensors;
    this.origin = origin;
    this.options = options;
  }

  void guess() {
    boolean hasPlaces = origin.profile().keys().layerNorm(0).size() > 1;
    long scales = tensors.sizeLike("^layers\\.\\d+\\.0\\.(\\d\\.)?g$", 0);
    options.flag("use_scalenorm", scales == 1).flag("use_rmsnorm", scales > 1);
    if (!tensors.hasLike("^layers\\.\\d+\\.0\\.")) {
      withoutTensors();
    } else if (hasPlaces) {
      places();
    } else {
      options.unknown("pre_norm");
    }
    if (tensors.hasLike("^(layers\\.\\d+\\.0\\.\\d|final_norm)\\.to_gamma\\.")) {
      options.flag("use_adaptive_layernorm", true);
      options.hint("use_adaptive_layernorm", "true, unless use_adaptive_rmsnorm is");
      options.unknown("use_adaptive_rmsnorm");
    }
    options.unknown("norm_add_unit_offset");
    if (options.isSet("use_dynamic_tanh")) {
      options.unknown("dynamic_tanh_init_alpha");
    }
  }

  /** Norms without weights, or no norms. */
  private void withoutTensors() {
    if (!options.isSet("use_rezero")) {
      options
          .flag("use_simple_rmsnorm", true)
          .unknown("pre_norm", "sandwich_norm", "pre_and_post_norm", "pre_norm_has_final_norm")
          .unknown("resi_dual", "resi_dual_scale");
    }
  }

  /** Norms of a layer: 0 of its input, 1 of its output, 2 of the sum. */
  private void places() {
    boolean ofInput = hasNorm(0);
    boolean ofSum = hasNorm(2);
    boolean isFinal = tensors.hasUnder("final_norm.");
    if (ofInput && ofSum) {
      options.flag(options.has("pre_and_post_norm") ? "pre_and_post_norm" : "resi_dual", true);
    } else if (ofSum && isFinal && options.has("resi_dual")) {
      options.flag("resi_dual", true).unknown("resi_dual_scale");
    } else if (ofSum) {
      options.off("pre_norm");
    } else if (!isFinal && origin.profile().norms().canOmitFinalNorm()) {
      options.off("pre_norm_has_final_norm");
    }
    boolean isSandwich = false;
    boolean hasOutputNorm = false;
    for (int layer : tensors.indices("layers\\.(\\d+)\\.0\\.1\\.")) {
      boolean hasInputNorm = tensors.hasUnder("layers.%s.0.0.".formatted(layer));
      isSandwich |= hasInputNorm;
      hasOutputNorm |= !hasInputNorm;
    }
    boolean hasTemperature = tensors.hasLike("^layers\\.\\d+\\.1\\.(fn\\.)*scale$");
    options
        .flag("sandwich_norm", isSandwich)
        .flag("use_qk_norm_attn", hasTemperature && hasOutputNorm);
  }

  private boolean hasNorm(int place) {
    return tensors.hasLike("^layers\\.\\d+\\.0\\.%s\\.".formatted(place));
  }
}
