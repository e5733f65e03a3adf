package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which layers there are, in which order. */
public record LayoutOptions(
    @Option(
            value = "the layers: a attends, c attends to the context, f feeds forward",
            defaultValue = "null")
        @Nullable List<String> customLayers,
    @Option(
            value = "attention first and feedforwards last in so many blocks",
            defaultValue = "null")
        @Nullable Integer sandwichCoef,
    @Option(value = "layers for each attention, as PAR has it", defaultValue = "null")
        @Nullable Integer parRatio,
    @Option(
            value = "a feedforward before attention, too, both of half weight",
            defaultValue = "false")
        boolean macaron,
    @Option(
            value =
                "chunks of features come from so many positions before; none is built behind the last number of several",
            defaultValue = "0")
        List<Integer> shiftTokens) {
  public LayoutOptions {
    customLayers = customLayers == null ? null : List.copyOf(customLayers);
    shiftTokens = List.copyOf(shiftTokens);
    if (customLayers != null) {
      for (var layer : customLayers) {
        if (LayerKind.of(layer) == null) {
          throw ConfigException.notAllowed("custom_layers", customLayers, "a list of a, c and f");
        }
      }
    }
    if (shiftTokens.isEmpty()) {
      throw ConfigException.notAllowed("shift_tokens", "empty", "a number, or one for each layer");
    }
    for (int shift : shiftTokens) {
      Ranges.checkInteger("shift_tokens", shift, 0, 1 << 16);
    }
  }

  /** How far the features of a layer are shifted. */
  public int shift(int layer) {
    return shiftTokens.get(shiftTokens.size() == 1 ? 0 : layer);
  }

  /**
   * How many of the layers are built. With a number for each, the libraries build no layer behind
   * the last number.
   */
  public int built(int layers) {
    return shiftTokens.size() == 1 ? layers : Math.min(layers, shiftTokens.size());
  }

  /** Checks what depends on the layers. */
  public void checkShifts(int layers, int dim, boolean causal) {
    for (int shift : shiftTokens.subList(0, Math.min(built(layers), shiftTokens.size()))) {
      int chunks = causal ? shift + 1 : 2 * shift + 1;
      if (chunks > dim) {
        throw new ConfigException(
            "'shift_tokens' is %s; it cuts features into %s chunks, but 'dim' is %s"
                .formatted(shift, chunks, dim));
      }
    }
  }
}
