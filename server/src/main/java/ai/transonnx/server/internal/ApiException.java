package ai.transonnx.server.internal;

import org.jspecify.annotations.Nullable;

/** An error that a client receives, in the form of OpenAI's protocol. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String type;
  private final @Nullable String param;
  private final @Nullable String code;

  private ApiException(
      int status, String type, @Nullable String param, @Nullable String code, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
    this.param = param;
    this.code = code;
  }

  /** A request that cannot be honoured. */
  static ApiException invalid(@Nullable String param, String message) {
    return new ApiException(400, "invalid_request_error", param, null, message);
  }

  /** A prompt that, with the new tokens, is longer than the context window. */
  static ApiException contextLength(String message) {
    return new ApiException(
        400, "invalid_request_error", "prompt", "context_length_exceeded", message);
  }

  static ApiException ofStatus(int status, String type, @Nullable String code, String message) {
    return new ApiException(status, type, null, code, message);
  }

  static ApiException unknownModel(String message) {
    return new ApiException(404, "invalid_request_error", "model", "model_not_found", message);
  }

  static ApiException busy(String message) {
    return new ApiException(429, "requests", null, "rate_limit_exceeded", message);
  }

  static ApiException timeout() {
    return new ApiException(504, "server_error", null, "timeout", "the request took too long");
  }

  static ApiException stopping() {
    return new ApiException(503, "server_error", null, "stopping", "the server is stopping");
  }

  static ApiException internal() {
    return new ApiException(
        500, "server_error", null, null, "internal error; see the server's log");
  }

  int status() {
    return status;
  }

  String type() {
    return type;
  }

  @Nullable String param() {
    return param;
  }

  @Nullable String code() {
    return code;
  }
}
