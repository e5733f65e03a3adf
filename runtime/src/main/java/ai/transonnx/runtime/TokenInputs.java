package ai.transonnx.runtime;

import ai.transonnx.format.ElementType;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Checks the tokens of a call, because ONNX Runtime accepts negative indices of embeddings.
 *
 * @param metadata has the vocabulary size of each input; where it is missing, ONNX Runtime finds
 *     the tokens beyond the embedding
 */
record TokenInputs(Signature signature, ModelMetadata metadata) {
  private static final Pattern OUT_OF_BOUNDS =
      Pattern.compile("out of data bounds, idx=(-?\\d+) must be within .*\\[-\\d+,(\\d{1,9})\\]");

  private static final List<String> PREDICTED =
      List.of(OnnxModel.TOKENS, OnnxModel.TARGET, OnnxModel.X);

  /**
   * Checks every input of tokens. In a model that returns the loss, the last token of each row is a
   * target only, and may be negative, which means that it is ignored.
   *
   * @throws TokenException if a token is not in the vocabulary
   * @throws ShapeException if a source has more tokens than the encoder has positions
   */
  void check(Map<String, Tensor> inputs) {
    checkLength(inputs.get(OnnxModel.SOURCE));
    boolean isLoss = isLoss();
    inputs.forEach(
        (name, tensor) -> {
          boolean isTarget = name.equals(OnnxModel.TOKENS) || name.equals(OnnxModel.TARGET);
          if (isTarget || name.equals(OnnxModel.SOURCE)) {
            check(name, tensor, isLoss && isTarget);
          }
        });
  }

  private void checkLength(@Nullable Tensor source) {
    int longest = metadata.maxSourceLength().orElse(Integer.MAX_VALUE);
    if (source != null && rowLength(source) > longest) {
      throw new ShapeException(
          "input '%s' is %s; the encoder has %s positions"
              .formatted(OnnxModel.SOURCE, source, longest));
    }
  }

  private void check(String name, Tensor tensor, boolean endsWithTargets) {
    if (tensor.type() != ElementType.INT64) {
      return;
    }
    var range = metadata.vocabulary(name);
    long n = rowLength(tensor);
    LongBuffer values = tensor.buffer().asLongBuffer();
    for (int i = 0; i < values.limit(); i++) {
      boolean mayBeIgnored = endsWithTargets && i % n == n - 1 && values.get(i) < 0;
      if (!mayBeIgnored && !range.contains(values.get(i))) {
        throw range.refusal(values.get(i), location(name, tensor, i));
      }
    }
  }

  /** The input that made a run fail, if it is a token or a length. */
  Optional<? extends RequestException> reason(RunException failure, Map<String, Tensor> inputs) {
    var token = token(failure, inputs);
    return token.isPresent()
        ? token
        : length(inputs).or(() -> emptiness(inputs)).or(() -> nothingToPredict(inputs));
  }

  private Optional<ShapeException> nothingToPredict(Map<String, Tensor> inputs) {
    return inputs.entrySet().stream()
        .filter(input -> isLoss() && PREDICTED.contains(input.getKey()))
        .filter(input -> input.getValue().shape().length > 1 && input.getValue().shape()[1] == 1)
        .map(
            input ->
                new ShapeException(
                    "input '%s' is %s; a loss needs 2 or more positions"
                        .formatted(input.getKey(), input.getValue())))
        .findFirst();
  }

  private boolean isLoss() {
    return signature.outputs().keySet().equals(Set.of("loss"));
  }

  /** State may be empty; most models fail without rows or positions. */
  private static Optional<ShapeException> emptiness(Map<String, Tensor> inputs) {
    return inputs.entrySet().stream()
        .filter(input -> !input.getKey().startsWith("past_"))
        .filter(input -> Arrays.stream(input.getValue().shape()).anyMatch(size -> size == 0))
        .map(
            input ->
                new ShapeException(
                    "input '%s' is %s; the model cannot run on empty inputs"
                        .formatted(input.getKey(), input.getValue())))
        .findFirst();
  }

  /** Only models with an embedding for each position fail beyond {@code max_length}. */
  private Optional<ShapeException> length(Map<String, Tensor> inputs) {
    int longest = metadata.maxLength().orElse(Integer.MAX_VALUE);
    for (var name : PREDICTED) {
      var tensor = inputs.get(name);
      if (tensor != null && tensor.shape().length > 1 && tensor.shape()[1] > longest) {
        return Optional.of(
            new ShapeException(
                "input '%s' is %s; the model's max_length is %s".formatted(name, tensor, longest)));
      }
    }
    return Optional.empty();
  }

  private Optional<TokenException> token(RunException failure, Map<String, Tensor> inputs) {
    var matcher = OUT_OF_BOUNDS.matcher(failure.getMessage());
    if (!matcher.find()) {
      return Optional.empty();
    }
    long token = Long.parseLong(matcher.group(1));
    var range = new TokenVocabulary(OptionalInt.of(Integer.parseInt(matcher.group(2)) + 1));
    for (var input : inputs.entrySet()) {
      boolean isKnown = metadata.numTokens().containsKey(input.getKey());
      if (input.getValue().type() == ElementType.INT64 && !isKnown) {
        LongBuffer values = input.getValue().buffer().asLongBuffer();
        for (int i = 0; i < values.limit(); i++) {
          if (values.get(i) == token) {
            return Optional.of(range.refusal(token, location(input.getKey(), input.getValue(), i)));
          }
        }
      }
    }
    return Optional.empty();
  }

  private static String location(String input, Tensor tensor, int i) {
    long n = rowLength(tensor);
    return "position %s of row %s of input '%s'".formatted(i % n, i / n, input);
  }

  private static long rowLength(Tensor tensor) {
    long[] shape = tensor.shape();
    return shape.length == 0 ? 1 : shape[shape.length - 1];
  }
}
