package ai.transonnx.blockrecurrent;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The keyword arguments of {@code BlockRecurrentTransformer}. Immutable.
 *
 * <pre>{@code
 * var config = BlockRecurrentConfig.builder()
 *     .numTokens(20000).dim(512).depth(6).recurrentLayers(4)
 *     .build();
 * }</pre>
 *
 * <p>Values that the library would reject throw a {@link ConfigException}.
 */
@Configuration
public record BlockRecurrentConfig(
    @Option("vocabulary size") int numTokens,
    @Option("model dimension") int dim,
    @Option("number of layers") int depth,
    @Option(value = "dimension of each head", defaultValue = "64") int dimHead,
    @Option(value = "number of query heads", defaultValue = "8") int heads,
    @Option(value = "normalize queries and keys in all layers", defaultValue = "false")
        boolean allLayersQkRmsnorm,
    @Option(
            value =
                "hidden dimension of feedforward layers, as a multiple of dim, before the factor 2/3",
            defaultValue = "4.0")
        double ffMult,
    @Option(value = "maximum sequence length", defaultValue = "1024") int maxSeqLen,
    @Option(value = "number of positions in a block", defaultValue = "512") int blockWidth,
    @Option(
            value = "layers that write recurrent states, counted from 1; null for the middle layer",
            defaultValue = "null")
        Optional<List<Integer>> recurrentLayers,
    @Option(
            value = "layers that read these states; null for the same layers",
            defaultValue = "null")
        Optional<List<Integer>> readRecurrentLayers,
    @Option(value = "number of state vectors; null for block_width", defaultValue = "null")
        Optional<Integer> numStateVectors,
    @Option(value = "target value that the loss ignores", defaultValue = "-100") int ignoreIndex,
    @Option(value = "ignored: does not change the result", defaultValue = "false")
        boolean useFlashAttn,
    @Option(value = "keep a compressed memory of older blocks", defaultValue = "false")
        boolean useCompressedMem,
    @Option(value = "number of positions that are compressed to one", defaultValue = "4")
        int compressedMemFactor) {
  private static final int MAX = 1 << 24;

  public BlockRecurrentConfig {
    recurrentLayers = recurrentLayers.map(List::copyOf);
    readRecurrentLayers = readRecurrentLayers.map(List::copyOf);
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("dim", dim, 1, MAX);
    Ranges.checkDepth("depth", depth, 1);
    Ranges.checkInteger("dim_head", dimHead, 2, 1 << 16);
    if (dimHead % 2 != 0) {
      throw ConfigException.notAllowed(
          "dim_head", dimHead, "even, since features are rotated in pairs");
    }
    Ranges.checkInteger("heads", heads, 1, MAX / dimHead);
    Ranges.checkFinite("ff_mult", ffMult);
    if (ffMult <= 0 || dim * ffMult * 2 / 3 < 1 || dim * ffMult > MAX) {
      throw ConfigException.notAllowed(
          "ff_mult", ffMult, "such that two thirds of its product with 'dim' are from 1 to " + MAX);
    }
    Ranges.checkInteger("block_width", blockWidth, useCompressedMem ? 2 : 1, 1 << 20);
    Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    if (maxSeqLen % blockWidth != 0) {
      throw ConfigException.notAllowed(
          "max_seq_len", maxSeqLen, "a multiple of 'block_width', which is " + blockWidth);
    }
    Ranges.checkInteger("num_state_vectors", numStateVectors.orElse(blockWidth), 1, MAX);
    Ranges.checkInteger("compressed_mem_factor", compressedMemFactor, 1, MAX);
    checkLayers(depth, writers(recurrentLayers, depth), readRecurrentLayers);
  }

  private static void checkLayers(
      int depth, List<Integer> writers, Optional<List<Integer>> readRecurrentLayers) {
    for (int layer : writers) {
      Ranges.checkInteger("recurrent_layers", layer, 1, depth);
    }
    if (new HashSet<>(writers).size() != writers.size()) {
      throw ConfigException.notAllowed("recurrent_layers", writers, "without duplicates");
    }
    var readers = readRecurrentLayers.orElse(writers);
    if (readers.size() != writers.size()) {
      throw ConfigException.notAllowed(
          "read_recurrent_layers",
          readers,
          "a list of one layer for each of 'recurrent_layers', which are " + writers);
    }
    for (int i = 0; i < readers.size(); i++) {
      Ranges.checkInteger("read_recurrent_layers", readers.get(i), 1, writers.get(i));
    }
  }

  private static List<Integer> writers(Optional<List<Integer>> recurrentLayers, int depth) {
    return recurrentLayers.orElse(List.of(depth / 2));
  }

  /** The layers that write a state, counted from 0, in the order of their states. */
  List<Integer> writers() {
    return writers(recurrentLayers, depth).stream().map(layer -> layer - 1).sorted().toList();
  }

  /** The layer that reads the state of the layer {@code writer}, both counted from 0. */
  int reader(int writer) {
    var writtenLayers = writers(recurrentLayers, depth);
    return readRecurrentLayers.orElse(writtenLayers).get(writtenLayers.indexOf(writer + 1)) - 1;
  }

  int stateVectors() {
    return numStateVectors.orElse(blockWidth);
  }

  /** The total dimension of all heads. */
  int inner() {
    return heads * dimHead;
  }

  /** The hidden dimension of a feedforward layer: {@code int(dim * ff_mult * 2 / 3)}. */
  int feedForwardInner() {
    return (int) (dim * ffMult * 2 / 3);
  }

  /** The greatest number of keys: those of the memory and of the current block. */
  int rotaryWidth() {
    return (useCompressedMem ? 3 : 2) * blockWidth;
  }

  /** A builder with the library's defaults. */
  public static BlockRecurrentConfigBuilder builder() {
    return new BlockRecurrentConfigBuilder();
  }
}
