package ai.transonnx.server.internal;

import ai.transonnx.runtime.BusyException;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.ClosedException;
import ai.transonnx.runtime.DeadlineException;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.RequestException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An error that a client receives, in the form of OpenAI's protocol. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1;
  private static final Logger LOG = LoggerFactory.getLogger(ApiException.class);

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

  /** A text that, with its new tokens, is longer than the context window. */
  static ApiException contextLength(String param, String message) {
    return new ApiException(
        400, "invalid_request_error", param, "context_length_exceeded", message);
  }

  /** The error of a failure; one that a client cannot have caused is logged. */
  static ApiException of(@Nullable Throwable failure) {
    if (failure instanceof ApiException refused) {
      return refused;
    } else if (failure instanceof BusyException) {
      return busy("too many texts wait; try again later");
    } else if (failure instanceof MemoryLimitException) {
      return busy("there is not enough memory for this request; make it smaller, or try again");
    } else if (failure instanceof DeadlineException) {
      return timeout();
    } else if (failure instanceof ClosedException || failure instanceof CancelledException) {
      return stopping();
    } else if (failure instanceof RequestException) {
      return invalid(null, String.valueOf(failure.getMessage()));
    }
    LOG.error("A request failed", failure);
    return internal();
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
