package ai.transonnx.djl;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** A Hugging Face {@code tokenizer.json}, by DJL's native tokenizers. */
final class TokenizerCodec implements TextCodec {
  private static final String UNFINISHED = "\uFFFD";

  private final HuggingFaceTokenizer tokenizer;

  private TokenizerCodec(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a file. Texts are neither truncated nor padded.
   *
   * @throws IOException if it cannot be read
   */
  static TokenizerCodec open(Path file, boolean addSpecialTokens) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException("no such file");
    }
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
      private String given = "";

      @Override
      public String accept(long token) {
        tokens = Arrays.copyOf(tokens, tokens.length + 1);
        tokens[tokens.length - 1] = token;
        String text = tokenizer.decode(tokens);
        return text.endsWith(UNFINISHED) ? "" : rest(text);
      }

      @Override
      public String finish() {
        return tokens.length == 0 ? "" : rest(tokenizer.decode(tokens));
      }

      /** What a text has beyond what was given before. */
      private String rest(String text) {
        String rest = text.length() < given.length() ? "" : text.substring(given.length());
        given = text;
        return rest;
      }
    };
  }
}
