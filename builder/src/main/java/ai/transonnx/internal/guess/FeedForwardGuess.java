package ai.transonnx.internal.guess;

/** The options of the feedforward layers of x-transformers, by the tensors of their modules. */
final class FeedForwardGuess {
  private final Tensors modules;
  private final Origin origin;
  private final Options options;

  FeedForwardGuess(Tensors modules, Origin origin, Options options) {
    this.modules = modules;
    this.origin = origin;
    this.options = options;
  }

  void guess(long dim) {
    var module = origin.profile().keys().feedForward(false).module();
    boolean normed = modules.hasUnder(module + ".1.");
    var last = "%s.%s.".formatted(module, origin.profile().keys().feedForward(normed).last());
    long hidden = modules.size(last + "weight", origin.isPort() ? 0 : 1);
    if (hidden == 0) {
      return;
    }
    options
        .ratio("ff_mult", hidden, dim)
        .flag("ff_glu", modules.hasUnder(module + ".0.proj."))
        .flag("ff_glu_mult_bias", modules.has(module + ".0.mult_bias"))
        .flag("ff_solu", modules.hasLike("^%s\\.0\\.\\d\\.norm\\.".formatted(module)))
        .flag("ff_post_act_ln", normed)
        .unknown("ff_relu_squared", "ff_swish", "ff_softclamp_value");
    if (options.isSet("ff_glu")) {
      options.unknown("ff_glu_gate_softclamp_value");
    }
    if (!origin.isPort()) {
      options.flag("ff_no_bias", !modules.has(last + "bias"));
    }
  }
}
