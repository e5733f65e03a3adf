package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The options that run layers again or in another order. Immutable. */
public record LayerReuseOptions(
    @Option(
            value = "run the layers of one block as often as there are blocks",
            defaultValue = "false",
            since = "1.21.3")
        boolean weightTieLayers,
    @Option(
            value = "indices of the layers to run, in order; layers may be left out or repeated",
            defaultValue = "null",
            since = "1.21.3")
        @Nullable List<Integer> layersExecuteOrder) {
  public LayerReuseOptions {
    if (layersExecuteOrder != null) {
      layersExecuteOrder = List.copyOf(layersExecuteOrder);
      Ranges.checkLayers("layers_execute_order", layersExecuteOrder.size());
      if (weightTieLayers) {
        throw new ConfigException(
            "'layers_execute_order' is set; it cannot be set with 'weight_tie_layers', which sets"
                + " it");
      }
    }
  }

  /**
   * The indices of the layers to run, in order.
   *
   * @param layers the number of layers
   * @param depth the number of blocks
   * @throws ConfigException if an index is out of range
   */
  List<Integer> order(int layers, @Nullable Integer depth) {
    if (layersExecuteOrder != null) {
      for (int layer : layersExecuteOrder) {
        Ranges.checkInteger("layers_execute_order", layer, 0, layers - 1);
      }
      return layersExecuteOrder;
    }
    int times = weightTieLayers && depth != null ? depth : 1;
    return IntStream.range(0, layers * times).mapToObj(i -> i % layers).toList();
  }
}
