package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.verification.CaseTokens;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The tokens over which models are compared: of a text, of a file of tokens, or of a case. */
record ComparedTokens(@Nullable Path text, @Nullable Path tokens, @Nullable Path caseFolder) {
  /** The source that is not null; exactly one must be given. */
  ComparedTokens {
    if (Stream.of(text, tokens, caseFolder).filter(Objects::nonNull).count() != 1) {
      throw new IllegalArgumentException("one source of tokens is needed");
    }
  }

  /** Whether the tokens are those of a text. */
  boolean needsTokenizer() {
    return text != null;
  }

  /**
   * Reads the source, and returns the sequences for a model.
   *
   * @param opened opens the tokenizer of the model
   * @param encode the tokens of a text
   * @throws ai.transonnx.TransonnxException if the source cannot be read
   */
  Function<OnnxModel, long[][]> read(
      Function<OnnxModel, Tokenizer> opened, BiFunction<Tokenizer, String, long[]> encode) {
    if (text == null) {
      var sequences =
          tokens != null
              ? TokenFile.read(tokens)
              : CaseTokens.of(Objects.requireNonNull(caseFolder));
      return model -> sequences;
    }
    var file = text;
    var content = TextFile.read(file);
    return model -> {
      try (var tokenizer = opened.apply(model)) {
        return new long[][] {checked(file, encode.apply(tokenizer, content))};
      }
    };
  }

  private static long[] checked(Path file, long... encoded) {
    if (encoded.length < 2) {
      throw new InputException(
          "%s: the text has %s; a comparison needs 2 tokens or more"
              .formatted(file, encoded.length == 0 ? "no token" : "1 token"));
    }
    return encoded;
  }
}
