package ai.transonnx.djl;

import ai.djl.translate.TranslateException;
import ai.transonnx.runtime.text.ByteDecoder;
import ai.transonnx.runtime.text.ByteText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text to tokens and back. */
interface TextCodec {
  long[] encode(String text);

  /** A decoder of one text. */
  Decoder decoder();

  /** Turns tokens into text as they come, never splitting a character. */
  interface Decoder {
    /** The text that a token completes; it may be empty. */
    String accept(long token);

    /** What was held back. */
    String finish();
  }

  /**
   * The codec of a model: the tokenizer of the argument {@code tokenizer}, or of {@code
   * tokenizer.json} beside the model; else its tokens are bytes.
   *
   * @throws TranslateException if the tokenizer cannot be read, or there is none and the tokens are
   *     not bytes
   */
  static TextCodec of(ModelDescription model, Arguments arguments) throws TranslateException {
    var named = arguments.text("tokenizer").map(Path::of);
    Path file = named.orElse(model.folder().resolve("tokenizer.json"));
    boolean special = arguments.flag("addSpecialTokens");
    if (named.isPresent() || Files.isRegularFile(file)) {
      try {
        return TokenizerCodec.open(file, special);
      } catch (IOException | RuntimeException | LinkageError e) {
        throw new TranslateException(
            file + ": no tokenizer can be made of it: " + e.getMessage(), e);
      }
    }
    int vocabulary = model.promptTokens().count().orElse(Integer.MAX_VALUE);
    if (vocabulary > 256) {
      throw new TranslateException(
          "the model's %s tokens are not bytes; put its tokenizer.json beside it"
              .formatted(vocabulary));
    }
    return bytes(new ByteText(vocabulary));
  }

  private static TextCodec bytes(ByteText text) {
    return new TextCodec() {
      @Override
      public long[] encode(String given) {
        return text.encode(given);
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
