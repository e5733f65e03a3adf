package ai.transonnx.runtime.text;

import ai.transonnx.runtime.TinyModels;
import java.util.Arrays;
import java.util.Map;

/**
 * Writes token 0 of {@link TinyModels} as a, 1 as b and so on.
 *
 * @param failing the token that fails to be decoded; -1 if none does
 */
public record Letters(long failing, Map<String, Long> specialTokens) implements Tokenizer {
  /** Without special tokens. */
  public Letters(long failing) {
    this(failing, Map.of());
  }

  @Override
  public long[] encode(String text) {
    return text.chars().mapToLong(c -> c - 'a').toArray();
  }

  @Override
  public String decode(long... tokens) {
    var text = new StringBuilder();
    Arrays.stream(tokens).forEach(token -> text.append((char) ('a' + token)));
    return text.toString();
  }

  @Override
  public TextDecoder decoder(long... before) {
    return new TextDecoder() {
      @Override
      public String accept(long token) {
        if (token == failing) {
          throw new IllegalStateException("of the tokenizer");
        }
        return decode(token);
      }

      @Override
      public String finish() {
        return "";
      }
    };
  }

  @Override
  public int vocabularySize() {
    return TinyModels.V;
  }
}
