package ai.transonnx.runtime;

/** A token that is not in the model's vocabulary. */
public final class TokenException extends RequestException {
  private final long token;

  TokenException(String message, long token) {
    super(message);
    this.token = token;
  }

  /**
   * The error of a token.
   *
   * @param where it stands, such as {@code position 3 of row 0}
   * @param vocabulary the number of tokens that there are
   */
  public static TokenException of(long token, String where, long vocabulary) {
    return new TokenException(
        "token %d at %s is not in the vocabulary: 0 to %d".formatted(token, where, vocabulary - 1),
        token);
  }

  /** The token that was given. */
  public long token() {
    return token;
  }
}
