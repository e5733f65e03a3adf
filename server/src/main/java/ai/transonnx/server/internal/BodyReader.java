package ai.transonnx.server.internal;

import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.function.Consumer;

/** Receives the body of a request, up to a size and within a time. */
final class BodyReader {
  private static final Duration TIME = Duration.ofSeconds(30);

  private final Vertx vertx;
  private final HttpServerRequest request;
  private final int most;
  private final ByteBudget budget;
  private final Buffer body = Buffer.buffer();
  private boolean ended;

  private BodyReader(Vertx vertx, HttpServerRequest request, int most, ByteBudget budget) {
    this.budget = budget;
    this.vertx = vertx;
    this.request = request;
    this.most = most;
  }

  /**
   * Receives a body, on the event loop.
   *
   * @param most the maximum size in bytes
   * @param budget the memory for bodies of all requests; that of this one is released by the caller
   *     of {@code whole}, or here if there is an error
   * @param whole receives it
   * @param error receives the error if it is too large, late or incomplete
   */
  static void read(
      Vertx vertx,
      HttpServerRequest request,
      int most,
      ByteBudget budget,
      Consumer<byte[]> whole,
      Consumer<ApiException> error) {
    new BodyReader(vertx, request, most, budget).read(whole, error);
  }

  private void read(Consumer<byte[]> whole, Consumer<ApiException> error) {
    long timer =
        vertx.setTimer(
            TIME.toMillis(),
            late ->
                fail(error, 408, "the body was not received within " + TIME.toSeconds() + " s"));
    request.handler(
        part -> {
          if (ended) {
            return;
          }
          if (body.length() + (long) part.length() > most) {
            vertx.cancelTimer(timer);
            fail(error, 413, "the body is larger than %s bytes".formatted(most));
          } else if (!budget.take(part.length())) {
            vertx.cancelTimer(timer);
            fail(error, ApiException.busy("too many large requests are received; try again later"));
          } else {
            body.appendBuffer(part);
          }
        });
    request.exceptionHandler(
        failure -> {
          vertx.cancelTimer(timer);
          fail(error, 400, "the body is incomplete");
        });
    request.endHandler(
        end -> {
          vertx.cancelTimer(timer);
          if (!ended) {
            ended = true;
            whole.accept(body.getBytes());
          }
        });
  }

  private void fail(Consumer<ApiException> error, int status, String message) {
    fail(error, ApiException.ofStatus(status, "invalid_request_error", null, message));
  }

  private void fail(Consumer<ApiException> error, ApiException reason) {
    if (!ended) {
      ended = true;
      budget.release(body.length());
      if (request.version() != HttpVersion.HTTP_2) { // whose streams end alone
        request.response().putHeader("connection", "close");
      }
      error.accept(reason);
    }
  }
}
