package ai.transonnx.runtime;

import java.nio.LongBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Finds the token that a call failed for. How many tokens there are, only the embedding in the
 * graph knows: the runtime finds a number beyond it, but would read another token's embedding for a
 * negative one.
 */
final class TokenRange {
  private static final Pattern BEYOND =
      Pattern.compile("out of data bounds, idx=(-?\\d+) must be within .*\\[-\\d+,(\\d+)\\]");

  private TokenRange() {}

  /**
   * Checks that no token is negative, in a model from {@code tokens} to {@code logits}; a loss
   * takes negative ones, as targets to be ignored.
   *
   * @throws TokenException if one is
   */
  static void checkSigns(Signature signature, Map<String, Tensor> inputs) {
    var tokens = inputs.get(OnnxModel.TOKENS);
    if (tokens == null
        || tokens.type() != ElementType.INT64
        || signature.output(OnnxModel.LOGITS).isEmpty()) {
      return;
    }
    LongBuffer values = tokens.buffer().asLongBuffer();
    for (int i = 0; i < values.limit(); i++) {
      if (values.get(i) < 0) {
        throw new TokenException(
            "token %d at %s is negative"
                .formatted(values.get(i), place(OnnxModel.TOKENS, tokens, i)),
            values.get(i));
      }
    }
  }

  /** The error of the token that made a run fail, if a token did. */
  static Optional<TokenException> find(RunException failure, Map<String, Tensor> inputs) {
    var matcher = BEYOND.matcher(failure.getMessage());
    if (!matcher.find()) {
      return Optional.empty();
    }
    long token = Long.parseLong(matcher.group(1));
    long largest = Long.parseLong(matcher.group(2));
    for (var input : inputs.entrySet()) {
      if (input.getValue().type() == ElementType.INT64) {
        LongBuffer values = input.getValue().buffer().asLongBuffer();
        for (int i = 0; i < values.limit(); i++) {
          if (values.get(i) == token) {
            String place = place(input.getKey(), input.getValue(), i);
            return Optional.of(TokenException.of(token, place, largest + 1));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String place(String input, Tensor tensor, int i) {
    long[] shape = tensor.shape();
    long n = shape.length == 0 ? 1 : shape[shape.length - 1];
    return "position %d of row %d of input '%s'".formatted(i % n, i / n, input);
  }
}
