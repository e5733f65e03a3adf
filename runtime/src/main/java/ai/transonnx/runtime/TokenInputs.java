package ai.transonnx.runtime;

import java.nio.LongBuffer;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks the tokens of a call: the runtime would read another token's embedding for a negative one.
 *
 * @param metadata says how many tokens an input takes; where it does not, only the embedding in the
 *     graph knows, and the runtime finds what is beyond it
 */
record TokenInputs(Signature signature, ModelMetadata metadata) {
  private static final Pattern BEYOND =
      Pattern.compile("out of data bounds, idx=(-?\\d+) must be within .*\\[-\\d+,(\\d{1,9})\\]");

  /**
   * Checks every input of tokens but those of a loss, which are targets, too: a negative one may be
   * there to be ignored.
   *
   * @throws TokenException if the model has no embedding of a token
   */
  void check(Map<String, Tensor> inputs) {
    boolean isLoss = signature.outputs().keySet().equals(Set.of("loss"));
    inputs.forEach(
        (name, tensor) -> {
          boolean isTarget = name.equals(OnnxModel.TOKENS) || name.equals(OnnxModel.TARGET);
          if (isTarget ? !isLoss : name.equals(OnnxModel.SOURCE)) {
            check(name, tensor);
          }
        });
  }

  private void check(String name, Tensor tensor) {
    if (tensor.type() != ElementType.INT64) {
      return;
    }
    var range = metadata.tokenRange(name);
    LongBuffer values = tensor.buffer().asLongBuffer();
    for (int i = 0; i < values.limit(); i++) {
      if (!range.contains(values.get(i))) {
        throw range.refusal(values.get(i), place(name, tensor, i));
      }
    }
  }

  /** What of its inputs made a run fail, if it was a token or the number of positions. */
  Optional<? extends RequestException> reason(RunException failure, Map<String, Tensor> inputs) {
    var token = token(failure, inputs);
    return token.isPresent() ? token : length(inputs);
  }

  /** Only a model that has something of each position fails beyond the last of them. */
  private Optional<ShapeException> length(Map<String, Tensor> inputs) {
    int longest = metadata.maxLength().orElse(Integer.MAX_VALUE);
    for (var name : new String[] {OnnxModel.TOKENS, OnnxModel.TARGET, OnnxModel.X}) {
      var tensor = inputs.get(name);
      if (tensor != null && tensor.shape().length > 1 && tensor.shape()[1] > longest) {
        return Optional.of(
            new ShapeException(
                "input '%s' is %s; the model was made for %d positions"
                    .formatted(name, tensor, longest)));
      }
    }
    return Optional.empty();
  }

  private Optional<TokenException> token(RunException failure, Map<String, Tensor> inputs) {
    var matcher = BEYOND.matcher(failure.getMessage());
    if (!matcher.find()) {
      return Optional.empty();
    }
    long token = Long.parseLong(matcher.group(1));
    var range = new TokenRange(OptionalInt.of(Integer.parseInt(matcher.group(2)) + 1));
    for (var input : inputs.entrySet()) {
      boolean isKnown = metadata.numTokens().containsKey(input.getKey());
      if (input.getValue().type() == ElementType.INT64 && !isKnown) {
        LongBuffer values = input.getValue().buffer().asLongBuffer();
        for (int i = 0; i < values.limit(); i++) {
          if (values.get(i) == token) {
            return Optional.of(range.refusal(token, place(input.getKey(), input.getValue(), i)));
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
