package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.SkipConnection;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The skip connections of a stack: each block of its second half also gets the input of a block of
 * its first half, the last of them first. Immutable.
 *
 * @param sources the position, in the order of execution, of the layer whose input a layer gets, by
 *     the layer's index
 */
record SkipConnections(int dim, Map<Integer, Integer> sources) {
  SkipConnections {
    sources = Map.copyOf(sources);
  }

  /**
   * The skip connections of a configuration.
   *
   * @throws ConfigException if there are too few blocks for the layers that need one
   */
  static SkipConnections of(AttentionLayersConfig config) {
    var options = config.options();
    if (!options.branches().unetSkips()) {
      return new SkipConnections(config.dim(), Map.of());
    }
    var depth = options.layout().reuse().weightTieLayers() ? Integer.valueOf(1) : options.depth();
    int blocks = depth == null ? config.order().size() : depth;
    int length = config.blockLength();
    var free = new ArrayDeque<Integer>();
    for (int i = 0; i < blocks / length; i++) {
      free.push(i * length);
    }
    if (free.isEmpty()) {
      throw tooFew(blocks);
    }
    var sources = new HashMap<Integer, Integer>();
    int built = options.layout().builtLayers(config.layers().size());
    for (int layer = 0; layer < built; layer += length) {
      if (2 * (layer / length) >= blocks) {
        if (free.isEmpty()) {
          throw tooFew(blocks);
        }
        sources.put(layer, free.pop());
      }
    }
    return new SkipConnections(config.dim(), sources);
  }

  private static ConfigException tooFew(int blocks) {
    return new ConfigException(
        "'unet_skips' is true; with %s blocks there are fewer skip connections than blocks that need one"
            .formatted(blocks));
  }

  /**
   * The skip connection to a layer; null if it has none.
   *
   * @param position the layer's position in the order of execution
   * @throws ConfigException if the layer precedes the one whose input it gets
   */
  @Nullable SkipConnection to(int layer, int position) {
    var source = sources.get(layer);
    if (source == null) {
      return null;
    }
    if (source > position) {
      throw new ConfigException(
          "'unet_skips' is true; in 'layers_execute_order', layer %s precedes layer %s, whose input it needs"
              .formatted(layer, source));
    }
    return new SkipConnection(dim, layer, source);
  }
}
