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
   * The sequences.
   *
   * @param opened opens the tokenizer of a model
   * @param encode the tokens of a text
   * @throws ai.transonnx.TransonnxException if the file cannot be read, or its text not encoded
   */
  long[][] of(
      OnnxModel model,
      Function<OnnxModel, Tokenizer> opened,
      BiFunction<Tokenizer, String, long[]> encode) {
    if (tokens != null) {
      return TokenFile.read(tokens);
    }
    if (caseFolder != null) {
      return CaseTokens.of(caseFolder);
    }
    var given = Objects.requireNonNull(text);
    var content = TextFile.read(given);
    try (var tokenizer = opened.apply(model)) {
      long[] encoded = encode.apply(tokenizer, content);
      if (encoded.length < 2) {
        throw new InputException(
            "%s: the text has %s; a comparison needs 2 tokens or more"
                .formatted(given, encoded.length == 0 ? "no token" : "1 token"));
      }
      return new long[][] {encoded};
    }
  }
}
