package ai.transonnx.internal.guess;

import ai.transonnx.xtransformers.ContinuousTransformerWrapperConfig;

/** The wrapper of x-transformers whose inputs are vectors. */
final class VectorGuess {
  private VectorGuess() {}

  static Options of(Tensors tensors, Origin origin, Options layers) {
    var options =
        Options.of(
            "ContinuousTransformerWrapper", ContinuousTransformerWrapperConfig.class, origin);
    WrapperPositionsGuess.guess(tensors, layers, options);
    if (origin.profile().wrappers().omitsVectorLength() && !options.isSet("max_seq_len")) {
      options.unknown("max_seq_len");
    }
    long outputs = tensors.size("project_out.weight", origin.isPort() ? 1 : 0);
    options
        .number("dim_in", tensors.size("project_in.weight", origin.isPort() ? 0 : 1))
        .number("dim_out", outputs)
        .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
        .number("num_memory_tokens", tensors.size("memory_tokens", 0))
        .object("attn_layers", layers)
        .unknown("max_mem_len", "probabilistic");
    if (outputs > 0 && outputs % 2 == 0 && options.has("probabilistic")) {
      options.hint("dim_out", "%s, or %s with probabilistic".formatted(outputs, outputs / 2));
    }
    if (origin.profile().wrappers().poolsVectors()) {
      options.unknown("average_pool_embed");
    }
    return options;
  }
}
