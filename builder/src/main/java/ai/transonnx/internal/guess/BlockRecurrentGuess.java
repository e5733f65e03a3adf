package ai.transonnx.internal.guess;

import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** BlockRecurrentTransformer. */
final class BlockRecurrentGuess {
  private BlockRecurrentGuess() {}

  static Optional<Guess> of(Tensors all) {
    return all.around("layers.0.0.to_kv.weight")
        .filter(tensors -> tensors.has("token_emb.weight"))
        .map(
            tensors ->
                new BlockRecurrentGuess()
                    .options(tensors)
                    .guess("block-recurrent-transformer-pytorch"));
  }

  private Options options(Tensors tensors) {
    long dim = tensors.size("token_emb.weight", 1);
    long headSize = tensors.size("layers.0.0.to_kv.weight", 0) / 2;
    long inner = tensors.size("layers.0.0.to_q.weight", 0);
    var options =
        new Options("BlockRecurrentTransformer")
            .number("num_tokens", tensors.size("token_emb.weight", 0))
            .number("dim", dim)
            .number("depth", layers(tensors).size())
            .number("dim_head", headSize)
            .ratio("heads", inner, headSize);
    feedForward(tensors, dim, options);
    states(tensors, inner, options);
    long factor = tensors.size("mem_manager.layers.0.1.1.weight", 2);
    return options
        .flag("use_compressed_mem", factor > 0)
        .number("compressed_mem_factor", factor)
        .unknown("max_seq_len", "block_width", "ignore_index");
  }

  private static SortedSet<Integer> layers(Tensors tensors) {
    return tensors.indices("layers\\.(\\d+)\\.");
  }

  /** The factor for which the library computes {@code int(dim * ff_mult * 2 / 3)} features. */
  private static void feedForward(Tensors tensors, long dim, Options options) {
    long features = tensors.size("layers.0.1.3.weight", 1);
    long before = (3 * features + 1) / 2;
    options.ratio("ff_mult", before, dim);
  }

  private static void states(Tensors tensors, long inner, Options options) {
    var writers = new TreeSet<Integer>();
    var readers = new TreeSet<Integer>();
    for (int layer : layers(tensors)) {
      if (tensors.hasUnder("layers.%s.0.state_container.".formatted(layer))) {
        writers.add(layer + 1);
      }
      if (tensors.size("layers.%s.0.to_out.weight".formatted(layer), 1) > inner) {
        readers.add(layer + 1);
      }
    }
    var scaled = tensors.indices("layers\\.(\\d+)\\.0\\.attn\\.q_scale");
    options
        .flag("all_layers_qk_rmsnorm", scaled.size() > writers.size())
        .number("num_state_vectors", tensors.sizeLike("state_container\\.init_state$", 0));
    if (!writers.equals(Set.of(layers(tensors).size() / 2))) {
      options.list("recurrent_layers", writers);
    }
    if (!readers.equals(writers) && readers.size() == 1) {
      options.list("read_recurrent_layers", readers);
    } else if (!readers.equals(writers)) {
      options.hint("read_recurrent_layers", "the layers %s, in unknown order".formatted(readers));
    }
  }
}
