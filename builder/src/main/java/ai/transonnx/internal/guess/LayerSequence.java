package ai.transonnx.internal.guess;

import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

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

  /** The blocks of layers, the last two with a feedforward layer before attention as well. */
  private static final List<String> BLOCKS = List.of("af", "aaf", "faf", "faaf");

  private final Tensors tensors;
  private final Origin origin;
  private final Context context;
  private final Options options;

  /** The indices of the layers. */
  private final List<Integer> layers;

  /** The kinds of all layers: a for attention, f for feedforward. */
  private final String kinds;

  private final String block;

  LayerSequence(Tensors tensors, Origin origin, Context context, Options options) {
    this.tensors = tensors;
    this.origin = origin;
    this.context = context;
    this.options = options;
    this.layers = List.copyOf(tensors.indices("layers\\.(\\d+)\\."));
    var attention = tensors.indices("layers\\.(\\d+)\\.1\\.(?:fn\\.)*to_q\\.");
    this.kinds =
        layers.stream()
            .map(layer -> attention.contains(layer) ? "a" : "f")
            .collect(Collectors.joining());
    this.block = block();
  }

  /** The layers of this kind. */
  List<Integer> layers(char kind) {
    return IntStream.range(0, layers.size())
        .filter(i -> kinds.charAt(i) == kind)
        .mapToObj(layers::get)
        .toList();
  }

  /**
   * The attention layers that attend to a context, by their position after another one or by the
   * number of features of their keys' input; none if all of them do.
   */
  List<Integer> crossAttention(long dim) {
    if (context == Context.NONE) {
      return List.of();
    }
    var cross = block.isEmpty() ? withInputsOtherThan(dim) : followingAttention();
    return cross.size() == layers('a').size() ? List.of() : cross;
  }

  private List<Integer> followingAttention() {
    return IntStream.range(1, layers.size())
        .filter(i -> kinds.startsWith("aa", i - 1))
        .mapToObj(layers::get)
        .toList();
  }

  private List<Integer> withInputsOtherThan(long dim) {
    var keys = Pattern.compile("layers\\.(\\d{1,5})\\.1\\.(?:fn\\.)*to_(?:latent_kv|k)\\.weight");
    var inputs = new TreeMap<Integer, Long>();
    for (var name : tensors.shapes().keySet()) {
      var matcher = keys.matcher(name);
      if (matcher.matches()) {
        long size = tensors.size(name, origin.isPort() ? 0 : 1);
        int layer = Integer.parseInt(matcher.group(1));
        inputs.merge(layer, size, name.contains("latent") ? (old, own) -> own : (old, own) -> old);
      }
    }
    inputs.values().removeIf(size -> size == dim);
    return List.copyOf(inputs.keySet());
  }

  /** Whether some attention layers may attend to a context. */
  boolean mayAttendToContext() {
    return context != Context.NONE;
  }

  /** Whether some attention layers may attend to a context, and others to the sequence. */
  boolean mayMix() {
    return context != Context.NONE && (block.contains("aa") || block.isEmpty());
  }

  /** The repeated block, or an empty text if there is none. */
  private String block() {
    return BLOCKS.stream()
        .filter(block -> !block.startsWith("f") || nesting("(ff|net)") > nesting("to_q"))
        .filter(block -> kinds.equals(block.repeat(kinds.length() / block.length())))
        .findFirst()
        .orElse("");
  }

  void guess() {
    boolean macaron = block.startsWith("f");
    options.hint(
        "custom_layers", "the order is " + kinds.substring(0, Math.min(99, kinds.length())));
    if (!block.isEmpty()) {
      int depth = kinds.length() / block.length();
      options.number("depth", depth).flag("macaron", macaron);
      if (depth == 1 && options.has("weight_tie_layers")) {
        options.hint("depth", "1, or the number of passes with weight_tie_layers");
        options.unknown("weight_tie_layers");
      }
      context(kinds.contains("aa"));
    } else {
      options
          .hint("depth", Options.REQUIRED + ", unless custom_layers is set")
          .unknown("sandwich_coef", "par_ratio");
      if (nesting("(ff|net)") > wrappers('f')) {
        options.unknown("macaron");
      }
      if (context != Context.NONE) {
        options.unknown("only_cross");
      }
      if (context == Context.UNKNOWN) {
        options.unknown("cross_attend");
      }
    }
    options.unknown("layers_execute_order");
    if (nesting("to_q") > wrappers('a')
        || nesting("(ff|net)") > wrappers('f') + (macaron ? 1 : 0)) {
      options.unknown("shift_tokens");
    }
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

  /** The most modules around one of this name, each of which contains the next as {@code fn}. */
  private int nesting(String module) {
    var nested = Pattern.compile("layers\\.\\d+\\.1\\.(fn\\.)+%s\\.".formatted(module));
    return tensors.shapes().keySet().stream()
        .filter(name -> nested.matcher(name).lookingAt())
        .mapToInt(name -> name.split("fn\\.", -1).length - 1)
        .max()
        .orElse(0);
  }

  /** The number of modules around one of this kind, without shifted tokens and macaron layers. */
  private int wrappers(char kind) {
    boolean rezeroes = kind == 'a' || origin.profile().norms().rezeroesFeedForward();
    return (options.isSet("use_rezero") && rezeroes ? 1 : 0)
        + (options.isSet("use_layerscale") ? 1 : 0)
        + (options.isSet("use_adaptive_layerscale") ? 1 : 0);
  }
}
