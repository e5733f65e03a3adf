package ai.transonnx.runtime;

/** A token that is not in the model's vocabulary. */
public final class TokenException extends RequestException {
  private final long token;

  TokenException(String message, long token) {
    super(message);
    this.token = token;
  }

  /** The token that was given. */
  public long token() {
    return token;
  }
}
