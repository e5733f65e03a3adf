package ai.transonnx.blockrecurrent;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * The keyword arguments of {@code BlockRecurrentTransformer}.
 *
 * <pre>{@code
 * var config = BlockRecurrentConfig.builder()
 *     .numTokens(20000).dim(512).depth(6).recurrentLayers(List.of(4))
 *     .build();
 * }</pre>
 *
 * <p>Values that the library would refuse are a {@link ConfigException}.
 */
@Configuration
public record BlockRecurrentConfig(
    @Option("tokens in the vocabulary") int numTokens,
    @Option("features of a position") int dim,
    @Option("layers") int depth,
    @Option(value = "features of a head", defaultValue = "64") int dimHead,
    @Option(value = "heads of queries", defaultValue = "8") int heads,
    @Option(value = "compare directions of queries and keys in every layer", defaultValue = "false")
        boolean allLayersQkRmsnorm,
    @Option(
            value =
                "features inside of a feedforward, as a multiple of dim, before a third is taken away",
            defaultValue = "4.0")
        double ffMult,
    @Option(value = "the most positions of a call", defaultValue = "1024") int maxSeqLen,
    @Option(value = "positions of a block", defaultValue = "512") int blockWidth,
    @Option(
            value = "the layers, from 1, that write a state; null for the middle one",
            defaultValue = "null")
        Optional<List<Integer>> recurrentLayers,
    @Option(value = "the layers that read these states; null for the same", defaultValue = "null")
        Optional<List<Integer>> readRecurrentLayers,
    @Option(value = "vectors of a state; null for block_width", defaultValue = "null")
        Optional<Integer> numStateVectors,
    @Option(value = "targets that do not count in the loss", defaultValue = "-100") int ignoreIndex,
    @Option(value = "nothing: the result is the same", defaultValue = "false") boolean useFlashAttn,
    @Option(value = "remember older blocks, compressed", defaultValue = "false")
        boolean useCompressedMem,
    @Option(value = "how many positions are compressed to one", defaultValue = "4")
        int compressedMemFactor) {
  private static final int MAX = 1 << 24;

  public BlockRecurrentConfig {
    recurrentLayers = recurrentLayers.map(List::copyOf);
    readRecurrentLayers = readRecurrentLayers.map(List::copyOf);
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("dim", dim, 1, MAX);
    Ranges.checkInteger("depth", depth, 1, 10_000);
    Ranges.checkInteger("dim_head", dimHead, 2, 1 << 16);
    if (dimHead % 2 != 0) {
      throw ConfigException.notAllowed("dim_head", dimHead, "even, for the rotation");
    }
    Ranges.checkInteger("heads", heads, 1, MAX / dimHead);
    Ranges.checkFinite("ff_mult", ffMult);
    if (ffMult <= 0 || dim * ffMult * 2 / 3 < 1 || dim * ffMult > MAX) {
      throw ConfigException.notAllowed(
          "ff_mult", ffMult, "such that 'dim' times two thirds of it is from 1 to " + MAX);
    }
    Ranges.checkInteger("block_width", blockWidth, useCompressedMem ? 2 : 1, 1 << 20);
    Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    if (maxSeqLen % blockWidth != 0) {
      throw ConfigException.notAllowed(
          "max_seq_len", maxSeqLen, "a multiple of 'block_width', " + blockWidth);
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
          "read_recurrent_layers", readers, "one layer for each of 'recurrent_layers', " + writers);
    }
    for (int i = 0; i < readers.size(); i++) {
      Ranges.checkInteger("read_recurrent_layers", readers.get(i), 1, writers.get(i));
    }
  }

  private static List<Integer> writers(Optional<List<Integer>> recurrentLayers, int depth) {
    return recurrentLayers.orElse(List.of(depth / 2));
  }

  /** The layers that write a state, from 0, in the order of their states. */
  List<Integer> writers() {
    return writers(recurrentLayers, depth).stream().map(layer -> layer - 1).sorted().toList();
  }

  /** The layer, from 0, that reads the state of the layer {@code writer}. */
  int reader(int writer) {
    var written = writers(recurrentLayers, depth);
    return readRecurrentLayers.orElse(written).get(written.indexOf(writer + 1)) - 1;
  }

  int stateVectors() {
    return numStateVectors.orElse(blockWidth);
  }

  /** The features of all heads together. */
  int inner() {
    return heads * dimHead;
  }

  /** The features inside of a feedforward: {@code int(dim * ff_mult * 2 / 3)}. */
  int feedForwardInner() {
    return (int) (dim * ffMult * 2 / 3);
  }

  /** How many positions keys can have: blocks that are remembered, and the block itself. */
  int rotaryWidth() {
    return (useCompressedMem ? 3 : 2) * blockWidth;
  }

  public static BlockRecurrentConfigBuilder builder() {
    return new BlockRecurrentConfigBuilder();
  }
}
