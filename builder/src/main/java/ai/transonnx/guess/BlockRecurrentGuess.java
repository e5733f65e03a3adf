package ai.transonnx.guess;

import java.util.Optional;
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
      states = tensors.size("layers.%d.0.state_container.init_state".formatted(layer), 0);
    }
    var options =
        new Options("BlockRecurrentTransformer")
            .number("num_tokens", tensors.size("token_emb.weight", 0))
            .number("dim", tensors.size("token_emb.weight", 1))
            .number("depth", tensors.indices("layers\\.(\\d+)\\.").size())
            .number("dim_head", headSize)
            .ratio("heads", tensors.size("layers.0.0.to_q.weight", 0), headSize)
            .flag("all_layers_qk_rmsnorm", tensors.has("layers.0.0.attn.q_scale"))
            .number("num_state_vectors", states);
    return options
        .list("recurrent_layers", recurrent)
        .unknown("max_seq_len, block_width and the layers with memories: they have no weights")
        .guess("block-recurrent-transformer-pytorch");
  }
}
