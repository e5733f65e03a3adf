package ai.transonnx.verification;

import ai.transonnx.InputException;
import ai.transonnx.export.calibration.Calibration;
import ai.transonnx.export.calibration.InputMoments;
import ai.transonnx.runtime.ModelMetadata;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizers;
import ai.transonnx.verification.internal.calibration.TokenMoments;
import ai.transonnx.verification.internal.graph.ModelFile;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Calibrates the quantization of a model of tokens with the tokens of a text, such as some of those
 * that it was trained on. Some ten thousand suffice. ONNX Runtime computes the float32 model.
 *
 * <pre>{@code
 * var quantization = Quantization.of(QuantizedType.INT4);
 * var request =
 *     ExportRequest.builder(architecture, weights, output)
 *         .graph(GraphRequest.builder()
 *             .emit(EmitOptions.STANDARD.withQuantization(quantization)).build())
 *         .calibration(TokenCalibration.ofText(text))
 *         .build();
 * }</pre>
 *
 * <p>Immutable; threads may share it.
 */
public final class TokenCalibration implements Calibration {
  private final Function<Path, List<long[]>> sequences;

  private TokenCalibration(Function<Path, List<long[]>> sequences) {
    this.sequences = sequences;
  }

  /** A calibration with sequences of tokens. */
  public static TokenCalibration ofTokens(long[]... sequences) {
    var copies = Arrays.stream(sequences).map(long[]::clone).toList();
    return new TokenCalibration(model -> copies);
  }

  /** A calibration with a text of a model whose tokens are bytes. */
  public static TokenCalibration ofText(String text) {
    return ofText(text, Optional.empty());
  }

  /**
   * A calibration with a text.
   *
   * @param tokenizer a {@code tokenizer.json}; without one, tokens are bytes
   */
  public static TokenCalibration ofText(String text, Optional<Path> tokenizer) {
    return new TokenCalibration(model -> List.of(encoded(model, text, tokenizer)));
  }

  private static long[] encoded(Path model, String text, Optional<Path> tokenizer) {
    var metadata = ModelMetadata.of(model, ModelFile.read(model).metadata());
    try (var opened =
        tokenizer.isPresent()
            ? Tokenizers.open(tokenizer.get(), model, metadata)
            : Tokenizers.of(model, metadata, vocabulary(metadata))) {
      return opened.encode(text);
    }
  }

  private static OptionalInt vocabulary(ModelMetadata metadata) {
    return Stream.of(OnnxModel.TOKENS, OnnxModel.TARGET)
        .map(input -> metadata.vocabulary(input).count())
        .filter(OptionalInt::isPresent)
        .findFirst()
        .orElse(OptionalInt.empty());
  }

  /**
   * The moments of the model's inputs.
   *
   * @throws InputException if the model has an input that cannot be made from tokens, a token is
   *     not in its vocabulary, or there are too few tokens
   */
  @Override
  public InputMoments moments(Path model) {
    return TokenMoments.of(model, sequences.apply(model));
  }
}
