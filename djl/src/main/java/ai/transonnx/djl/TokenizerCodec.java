package ai.transonnx.djl;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;

/** A Hugging Face {@code tokenizer.json}, by DJL's native tokenizers. */
final class TokenizerCodec implements TextCodec {
  private static final String UNFINISHED = "\uFFFD";

  private final HuggingFaceTokenizer tokenizer;

  private TokenizerCodec(HuggingFaceTokenizer tokenizer) {
    this.tokenizer = tokenizer;
  }

  /**
   * Opens a file. Nothing is added, cut or padded but by the argument {@code addSpecialTokens}.
   *
   * @throws IOException if it cannot be read
   */
  static TokenizerCodec open(Path file, Map<String, ?> arguments) throws IOException {
    if (!Files.isRegularFile(file)) {
      throw new FileNotFoundException("no such file");
    }
    boolean special = GenerationSettings.isSet(arguments, "addSpecialTokens");
    return new TokenizerCodec(
        HuggingFaceTokenizer.builder()
            .optTokenizerPath(file)
            .optAddSpecialTokens(special)
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
