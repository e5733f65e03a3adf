package ai.transonnx.server.internal;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.internal.RequestFields;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntConsumer;

/**
 * One request and its response, which any thread may send. When the client disconnects, its {@link
 * #cancellation} is cancelled.
 */
final class Exchange {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final Cancellation cancellation;
  private final ByteBudget unsent;

  /**
   * An exchange, created by the event loop of the request.
   *
   * @param unsent counts the bytes that the client has not read yet
   */
  Exchange(
      HttpServerRequest request, Context context, Cancellation cancellation, ByteBudget unsent) {
    this.unsent = unsent;
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.cancellation = cancellation;
    onEnd(status -> {}, () -> {});
  }

  /**
   * Sets the receivers of the end.
   *
   * @param sent receives the status of a response that was written
   * @param disconnected is called if the client disconnects before
   */
  void onEnd(IntConsumer sent, Runnable disconnected) {
    var reported = new AtomicBoolean();
    Runnable end =
        () -> {
          if (!reported.getAndSet(true)) {
            if (response.ended()) {
              sent.accept(response.getStatusCode());
            } else {
              disconnected.run();
            }
          }
        };
    response.endHandler(sentAll -> end.run());
    Runnable lost =
        () -> {
          cancellation.cancel();
          end.run();
        };
    response.closeHandler(closed -> lost.run());
    response.exceptionHandler(failure -> lost.run());
  }

  HttpServerRequest request() {
    return request;
  }

  /** Cancelled when the client disconnects, or the request takes too long. */
  Cancellation cancellation() {
    return cancellation;
  }

  /** Sends a response of JSON. */
  void send(int status, JsonNode json) {
    send(status, "application/json", buffer(json));
  }

  /** Sends a whole response. */
  void send(int status, String contentType, Buffer body) {
    context.runOnContext(
        now -> {
          if (!response.ended() && !response.closed() && !response.headWritten()) {
            response
                .setStatusCode(status)
                .putHeader("content-type", contentType)
                .putHeader("content-length", Integer.toString(body.length()));
            boolean isHead = request.method().equals(HttpMethod.HEAD);
            unsent.count(body.length(), isHead ? response.end() : response.end(body));
          }
        });
  }

  /** Sends a response without a body. */
  void sendNothing() {
    context.runOnContext(
        now -> {
          if (!response.ended() && !response.closed()) {
            response.setStatusCode(204).end();
          }
        });
  }

  /** Sends an error. If a part of the response has been sent, the connection is closed. */
  void send(ApiException error) {
    context.runOnContext(
        now -> {
          if (response.headWritten()) {
            request.connection().close();
          } else if (error.status() == 429) {
            response.putHeader("retry-after", "1");
          }
        });
    send(error.status(), json(error));
  }

  /** Sends the head of a stream of events. */
  void beginEvents() {
    context.runOnContext(
        now -> {
          if (!response.closed()) {
            response
                .setChunked(true)
                .putHeader("content-type", "text/event-stream")
                .putHeader("cache-control", "no-store");
            response.writeHead();
          }
        });
  }

  /** Sends an event. */
  void event(String data) {
    var bytes = Buffer.buffer("data: " + data + "\n\n");
    context.runOnContext(
        now -> {
          if (!response.ended() && !response.closed()) {
            unsent.count(bytes.length(), response.write(bytes));
          }
        });
  }

  /** Ends a stream of events. */
  void endEvents() {
    context.runOnContext(
        now -> {
          if (!response.ended() && !response.closed()) {
            response.end();
          }
        });
  }

  /** The form of an error in OpenAI's protocol. */
  static JsonNode json(ApiException error) {
    var root = RequestFields.JSON.createObjectNode();
    root.putObject("error")
        .put("message", error.getMessage())
        .put("type", error.type())
        .put("param", error.param())
        .put("code", error.code());
    return root;
  }

  static String text(JsonNode json) {
    try {
      return RequestFields.JSON.writeValueAsString(json);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // A tree can be written.
    }
  }

  private static Buffer buffer(JsonNode json) {
    return Buffer.buffer(text(json));
  }
}
