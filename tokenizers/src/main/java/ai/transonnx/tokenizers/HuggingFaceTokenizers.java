package ai.transonnx.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.tokenizer.TokenizerVocabulary;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.runtime.text.TokenizerProvider;
import java.io.IOException;
import java.nio.file.Path;

/** Reads {@code tokenizer.json} files of Hugging Face. Texts are neither truncated nor padded. */
public final class HuggingFaceTokenizers implements TokenizerProvider {
  /** A provider, as {@link java.util.ServiceLoader} creates it. */
  public HuggingFaceTokenizers() {}

  @Override
  public boolean reads(byte[] content) {
    return TokenizerVocabulary.isJsonObject(content);
  }

  @Override
  public Tokenizer read(Path file, byte[] content) {
    var vocabulary = TokenizerVocabulary.of(file, content);
    try {
      var library = NativeTokenizers.library();
      return new HuggingFaceText(library, new String(content, UTF_8), vocabulary);
    } catch (IOException | RuntimeException e) {
      throw new InputException(
          "%s: the tokenizer cannot be created: %s"
              .formatted(file, Printable.of(String.valueOf(e.getMessage()))),
          e);
    }
  }
}
