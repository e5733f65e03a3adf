package ai.transonnx.djl;

import ai.djl.translate.TranslateException;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.runtime.text.ByteDecoder;
import ai.transonnx.runtime.text.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Encodes text as tokens, and decodes tokens into text. */
interface TextCodec {
  long[] encode(String text);

  /** A decoder for one text. */
  Decoder decoder();

  /** Decodes tokens into text one at a time. Incomplete characters are buffered. */
  interface Decoder {
    /** The text that a token completes; it may be empty. */
    String accept(long token);

    /** The text of the buffered tokens. */
    String finish();
  }

  /**
   * The codec of a model: the tokenizer file of argument {@code tokenizer}, or {@code
   * tokenizer.json} in the model's directory. Without either, tokens are bytes.
   *
   * @throws TranslateException if the tokenizer cannot be loaded, or there is none and the
   *     vocabulary has more than 256 tokens
   */
  static TextCodec of(ModelDescription model, Arguments arguments) throws TranslateException {
    var named = arguments.text("tokenizer").map(Path::of);
    Path file = named.orElse(model.folder().resolve("tokenizer.json"));
    boolean special = arguments.flag("addSpecialTokens");
    if (named.isPresent() || Files.exists(file)) {
      try {
        return TokenizerCodec.open(file, special);
      } catch (IOException | RuntimeException | LinkageError e) {
        throw new TranslateException(
            "%s: the tokenizer cannot be loaded: %s"
                .formatted(file, FileErrors.reason(e, "no such file")),
            e);
      }
    }
    var vocabulary = model.promptVocabulary().count();
    if (vocabulary.isEmpty() || vocabulary.getAsInt() > 256) {
      throw new TranslateException(
          "the model needs its tokenizer.json in its directory: its vocabulary has %s, so they are not bytes"
              .formatted(
                  vocabulary.isEmpty()
                      ? "an unknown number of tokens"
                      : vocabulary.getAsInt() + " tokens"));
    }
    return bytes(new ByteText(vocabulary.getAsInt()));
  }

  private static TextCodec bytes(ByteText text) {
    return new TextCodec() {
      @Override
      public long[] encode(String input) {
        return text.encode(input);
      }

      @Override
      public Decoder decoder() {
        var decoder = new ByteDecoder();
        return new Decoder() {
          @Override
          public String accept(long token) {
            return decoder.accept(token);
          }

          @Override
          public String finish() {
            return decoder.finish();
          }
        };
      }
    };
  }
}
