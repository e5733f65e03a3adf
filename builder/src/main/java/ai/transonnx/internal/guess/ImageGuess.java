package ai.transonnx.internal.guess;

import ai.transonnx.xtransformers.ViTransformerWrapperConfig;

/** The wrapper of x-transformers whose inputs are images. */
final class ImageGuess {
  private static final String PATCHES = "patch_to_embedding.";

  private ImageGuess() {}

  /** Whether the tensors have an embedding of patches. */
  static boolean fits(Tensors tensors) {
    return tensors.hasUnder(PATCHES);
  }

  static Options of(Tensors tensors, Origin origin, Options layers) {
    layers.text("class", "Encoder");
    var options =
        Options.of("ViTransformerWrapper", ViTransformerWrapperConfig.class, origin)
            .number("num_classes", classes(tensors, origin))
            .flag("post_emb_norm", tensors.hasUnder("post_emb_norm."))
            .number("num_register_tokens", tensors.size("register_tokens", 0))
            .object("attn_layers", layers);
    var wrappers = origin.profile().wrappers();
    long positions = tensors.size("pos_embedding", 1);
    boolean hasMore = wrappers.hasClassToken() || wrappers.unusedPositions() > 0;
    long side = Math.round(Math.sqrt((double) positions - (hasMore ? 1 : 0)));
    if (origin.isPort()) { // always has three channels
      long patch = Math.round(Math.sqrt(tensors.size(PATCHES + "weight", 0) / 3.0));
      return options.number("patch_size", patch).number("image_size", side * patch);
    }
    long features = tensors.size(PATCHES + (wrappers.normsPatches() ? "1.weight" : "weight"), 1);
    return options
        .hint("image_size", Options.REQUIRED + ", %s * patch_size".formatted(side))
        .hint(
            "patch_size", Options.REQUIRED + ", channels * patch_size * patch_size is " + features)
        .unknown("channels");
  }

  private static long classes(Tensors tensors, Origin origin) {
    if (!origin.profile().wrappers().hasClassToken()) {
      return tensors.size("mlp_head.weight", 0);
    }
    var names = origin.profile().keys().feedForward(false);
    var last = "mlp_head.%s.%s.weight".formatted(names.module(), names.last());
    return tensors.size(last, origin.isPort() ? 1 : 0);
  }
}
