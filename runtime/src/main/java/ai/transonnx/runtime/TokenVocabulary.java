package ai.transonnx.runtime;

import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * The tokens that are possible in an input: 0 to the size of the vocabulary, exclusive.
 *
 * <pre>{@code
 * var range = model.inputVocabulary();
 * range.contains(72); // true
 * range.refusal(300, "line 7"); // token 300 at line 7 is not in the vocabulary: 0 to 255
 * }</pre>
 *
 * @param count the size of the vocabulary; empty if the model does not specify it
 */
public record TokenVocabulary(OptionalInt count) {
  /** Whether a token is in the vocabulary; if its size is unknown, whether it is not negative. */
  public boolean contains(long token) {
    return token >= 0 && (count.isEmpty() || token < count.getAsInt());
  }

  /**
   * Checks that all tokens are in the vocabulary.
   *
   * @param location the location of the token with an index, such as {@code position 3 of row 0}
   * @throws TokenException if one is not
   */
  public void check(IntFunction<String> location, long... tokens) {
    for (int i = 0; i < tokens.length; i++) {
      if (!contains(tokens[i])) {
        throw refusal(tokens[i], location.apply(i));
      }
    }
  }

  /**
   * The exception for a token that is not in the vocabulary.
   *
   * @param location such as {@code position 3 of row 0}
   */
  public TokenException refusal(long token, String location) {
    String problem =
        token < 0 || count.isEmpty()
            ? "negative"
            : "not in the vocabulary: 0 to " + (count.getAsInt() - 1);
    return new TokenException("token %s at %s is %s".formatted(token, location, problem), token);
  }
}
