package ai.transonnx.runtime;

import java.util.OptionalInt;
import java.util.function.IntFunction;

/**
 * The tokens that an input takes: from 0 on, as many as there are embeddings of them.
 *
 * <pre>{@code
 * var range = model.tokenRange();
 * range.contains(72); // true
 * range.refusal(300, "line 7"); // token 300 at line 7 is not in the vocabulary: 0 to 255
 * }</pre>
 *
 * @param count how many there are; empty if the model does not say
 */
public record TokenVocabulary(OptionalInt count) {
  /** Whether an input takes a token, as far as is known. */
  public boolean contains(long token) {
    return token >= 0 && (count.isEmpty() || token < count.getAsInt());
  }

  /**
   * Checks that these contain all of some tokens.
   *
   * @param place where the token of an index stands, such as {@code position 3 of row 0}
   * @throws TokenException if one is not of these
   */
  public void check(IntFunction<String> place, long... tokens) {
    for (int i = 0; i < tokens.length; i++) {
      if (!contains(tokens[i])) {
        throw refusal(tokens[i], place.apply(i));
      }
    }
  }

  /**
   * The error of a token that is not one of these.
   *
   * @param where it stands, such as {@code position 3 of row 0}
   */
  public TokenException refusal(long token, String where) {
    String problem =
        token < 0 || count.isEmpty()
            ? "negative"
            : "not in the vocabulary: 0 to " + (count.getAsInt() - 1);
    return new TokenException("token %s at %s is %s".formatted(token, where, problem), token);
  }
}
