package ai.transonnx.internal.guess;

import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** BlockRecurrentTransformer. */
final class BlockRecurrentGuess {
  private BlockRecurrentGuess() {}

  static Optional<Guess> of(Tensors all) {
    return all.around("layers.0.0.to_kv.weight")
        .filter(tensors -> tensors.has("token_emb.weight"))
        .map(BlockRecurrentGuess::guess);
  }

  private static Guess guess(Tensors tensors) {
    long headSize = tensors.size("layers.0.0.to_kv.weight", 0) / 2;
    var recurrent = new TreeSet<Integer>();
    long states = 0;
    for (int layer : tensors.indices("layers\\.(\\d+)\\.0\\.state_container\\.")) {
      recurrent.add(layer + 1);
      states = tensors.size("layers." + layer + ".0.state_container.init_state", 0);
    }
    var layers = tensors.indices("layers\\.(\\d+)\\.");
    var scaled = tensors.indices("layers\\.(\\d+)\\.0\\.attn\\.q_scale");
    var options =
        new Options("BlockRecurrentTransformer")
            .number("num_tokens", tensors.size("token_emb.weight", 0))
            .number("dim", tensors.size("token_emb.weight", 1))
            .number("depth", layers.size())
            .number("dim_head", headSize)
            .ratio("heads", tensors.size("layers.0.0.to_q.weight", 0), headSize)
            .flag(
                "all_layers_qk_rmsnorm", scaled.equals(layers) && recurrent.size() < layers.size())
            .number("num_state_vectors", states);
    if (!recurrent.equals(Set.of(layers.size() / 2))) {
      options.list("recurrent_layers", recurrent);
    }
    return options
        .unknown("max_seq_len, block_width and the layers with memories: they have no weights")
        .guess("block-recurrent-transformer-pytorch");
  }
}
