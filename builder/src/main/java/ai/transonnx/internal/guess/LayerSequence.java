package ai.transonnx.internal.guess;

/**
 * The sequence of layers of x-transformers. Tensors distinguish attention from feedforward layers,
 * but not self-attention from cross-attention.
 */
final class LayerSequence {
  /** Whether layers attend to a context. */
  enum Context {
    UNKNOWN,
    NONE,
    GIVEN
  }

  private final Tensors tensors;
  private final Context context;
  private final Options options;

  /** The kinds of all layers: a for attention, f for feedforward. */
  private final String kinds;

  LayerSequence(Tensors tensors, Context context, Options options) {
    this.tensors = tensors;
    this.context = context;
    this.options = options;
    this.kinds = kinds(tensors);
  }

  private static String kinds(Tensors tensors) {
    var attention = tensors.indices("layers\\.(\\d+)\\.1\\.(?:fn\\.)*to_q\\.");
    var kinds = new StringBuilder();
    for (int layer : tensors.indices("layers\\.(\\d+)\\.")) {
      kinds.append(attention.contains(layer) ? 'a' : 'f');
    }
    return kinds.toString();
  }

  void guess() {
    boolean macaron = isRepeated("fa{1,2}f") && nesting("(ff|net)") > nesting("to_q");
    String block = macaron ? "fa{1,2}f" : "a{1,2}f";
    options.hint(
        "custom_layers", "the order is " + kinds.substring(0, Math.min(99, kinds.length())));
    if (isRepeated(block)) {
      options.number("depth", kinds.replaceAll(block, "-").length()).flag("macaron", macaron);
      context(kinds.contains("aa"));
    } else {
      options.unknown("depth", "sandwich_coef", "par_ratio");
      if (nesting("(ff|net)") > rezero()) {
        options.unknown("macaron");
      }
      if (context != Context.NONE) {
        options.unknown("only_cross");
      }
      if (context == Context.UNKNOWN) {
        options.unknown("cross_attend");
      }
    }
    if (nesting("to_q") > rezero() || nesting("(ff|net)") > rezero() + (macaron ? 1 : 0)) {
      options.unknown("shift_tokens");
    }
  }

  private boolean isRepeated(String block) {
    return kinds.matches("(%s)(\\1)*".formatted(block));
  }

  /** The options of cross-attention of regular blocks. */
  private void context(boolean hasTwoAttentions) {
    if (context == Context.GIVEN) {
      options.flag("only_cross", !hasTwoAttentions);
    } else if (context == Context.UNKNOWN && hasTwoAttentions) {
      options.flag("cross_attend", true);
      options.hint("cross_attend", "true, unless custom_layers lists the layers");
    } else if (context == Context.UNKNOWN) {
      options.unknown("cross_attend", "only_cross");
    }
  }

  /** ReZero, shifted tokens and macaron layers each put a module into another as {@code fn}. */
  private int nesting(String module) {
    return tensors
        .like("^layers\\.\\d+\\.1\\.(fn\\.)+%s\\.".formatted(module))
        .map(name -> name.split("fn\\.", -1).length - 1)
        .orElse(0);
  }

  private int rezero() {
    return options.isSet("use_rezero") ? 1 : 0;
  }
}
