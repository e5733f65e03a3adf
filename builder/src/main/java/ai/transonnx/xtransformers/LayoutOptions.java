package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options that determine the kinds and the order of layers. Immutable. */
public record LayoutOptions(
    @Option(
            value = "the layers in order: a attention, c cross-attention, f feedforward",
            defaultValue = "null")
        @Nullable List<String> customLayers,
    @Option(
            value = "sandwich transformer: number of blocks with attention first, feedforward last",
            defaultValue = "null")
        @Nullable Integer sandwichCoef,
    @Option(value = "PAR transformer: number of layers per attention layer", defaultValue = "null")
        @Nullable Integer parRatio,
    @Option(
            value = "macaron: half-weight feedforward layers before and after attention",
            defaultValue = "false")
        boolean macaron,
    @Option(
            value =
                "number of preceding positions to shift features from; a shorter list than layers"
                    + " drops the rest",
            defaultValue = "0",
            since = "0.16.0")
        List<Integer> shiftTokens,
    @OptionGroup LayerReuseOptions reuse) {
  public LayoutOptions {
    customLayers = customLayers == null ? null : List.copyOf(customLayers);
    shiftTokens = List.copyOf(shiftTokens);
    if (customLayers != null) {
      Ranges.checkLayers("custom_layers", customLayers.size());
      for (var layer : customLayers) {
        if (LayerKind.of(layer) == null) {
          throw ConfigException.notAllowed("custom_layers", customLayers, "a list of a, c and f");
        }
      }
    }
    if (shiftTokens.isEmpty()) {
      throw ConfigException.notAllowed(
          "shift_tokens", "empty", "a number or a list of one number per layer");
    }
    boolean irregular = customLayers != null || parRatio != null || sandwichCoef != null;
    if (reuse.weightTieLayers() && irregular) {
      throw new ConfigException(
          "'weight_tie_layers' is true; it cannot be combined with 'custom_layers', 'par_ratio' and"
              + " 'sandwich_coef'");
    }
    for (int shift : shiftTokens) {
      Ranges.checkInteger("shift_tokens", shift, 0, 1 << 16);
    }
  }

  /** Whether the layers do not consist of equal blocks. */
  public boolean isIrregular() {
    return customLayers != null || parRatio != null || sandwichCoef != null;
  }

  /** The number of preceding positions from which a layer takes features. */
  public int shift(int layer) {
    return shiftTokens.get(shiftTokens.size() == 1 ? 0 : layer);
  }

  /**
   * The number of layers that are built. If {@code shift_tokens} is a list, the libraries build no
   * layers after its end.
   */
  public int builtLayers(int layers) {
    return shiftTokens.size() == 1 ? layers : Math.min(layers, shiftTokens.size());
  }

  /** Checks the shifts against the layers. */
  public void checkShifts(int layers, int dim, boolean causal) {
    for (int shift : shiftTokens.subList(0, Math.min(builtLayers(layers), shiftTokens.size()))) {
      int chunks = causal ? shift + 1 : 2 * shift + 1;
      if (chunks > dim) {
        throw new ConfigException(
            "'shift_tokens' is %s; it splits features into %s chunks, but 'dim' is %s"
                .formatted(shift, chunks, dim));
      }
    }
  }
}
