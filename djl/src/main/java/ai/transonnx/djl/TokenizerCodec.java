package ai.transonnx.djl;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** A Hugging Face {@code tokenizer.json}, with DJL's native tokenizers. */
final class TokenizerCodec implements TextCodec {
  private static final String INCOMPLETE = "\uFFFD";

  private final HuggingFaceTokenizer tokenizer;

  private TokenizerCodec(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a file. Texts are neither truncated nor padded.
   *
   * @throws IOException if it cannot be read, or is no plain file
   */
  static TokenizerCodec open(Path file, boolean addSpecialTokens) throws IOException {
    PlainFile.check(file);
    return new TokenizerCodec(
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(file)
            .optAddSpecialTokens(addSpecialTokens)
            .optTruncation(false)
            .optPadding(false)
            .build());
  }

  @Override
  public long[] encode(String text) {
    return tokenizer.encode(text).getIds();
  }

  @Override
  public Decoder decoder() {
    return new Decoder() {
      private long[] tokens = {};
      private String returned = "";

      @Override
      public String accept(long token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        String text = tokenizer.decode(tokens);
        return text.endsWith(INCOMPLETE) ? "" : rest(text);
      }

      @Override
      public String finish() {
        return tokens.length == 0 ? "" : rest(tokenizer.decode(tokens));
      }

      /** The part of a text that has not been returned before. */
      private String rest(String text) {
        String rest = text.length() < returned.length() ? "" : text.substring(returned.length());
        returned = text;
        return rest;
      }
    };
  }
}
