package ai.transonnx.internal.guess;

import java.util.Optional;

/** TokenShiftGPT. */
final class TokenShiftGuess {
  private TokenShiftGuess() {}

  static Optional<Guess> of(Tensors all) {
    return all.around("net.0.fn.project_in.0.weight")
        .filter(tensors -> tensors.has("token_emb.weight"))
        .map(
            tensors -> {
              long dim = tensors.size("token_emb.weight", 1);
              return new Options("TokenShiftGPT")
                  .number("num_tokens", tensors.size("token_emb.weight", 0))
                  .number("dim", dim)
                  .number("max_seq_len", tensors.size("pos_emb.weight", 0))
                  .number("depth", tensors.indices("net\\.(\\d+)\\.fn\\.").size())
                  .ratio("ff_mult", tensors.size("net.0.fn.project_in.0.weight", 0), dim)
                  .unknown("use_discounted_cumsum", "discount_gamma")
                  .guess("token-shift-gpt");
            });
  }
}
