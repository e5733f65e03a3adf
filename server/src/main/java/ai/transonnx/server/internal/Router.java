package ai.transonnx.server.internal;

import ai.transonnx.runtime.Cancellation;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks requests and passes them to their endpoints. Event loops receive and send; workers parse
 * and encode.
 */
public final class Router implements Handler<HttpServerRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(Router.class);

  private final Vertx vertx;
  private final Endpoints endpoints;
  private final Access access;
  private final int maxBody;
  private final Duration timeout;
  private final Executor workers;
  private final ServingMetrics metrics;
  private final RequestLog log;

  /** Bodies that are received, and responses that clients have not read. */
  private final ByteBudget received;

  private final ByteBudget unsent;

  /**
   * A router.
   *
   * @param memory in bytes, for the bodies of all requests, and as much for their responses
   */
  public Router(
      Vertx vertx,
      Endpoints endpoints,
      Access access,
      int maxBody,
      long memory,
      Duration timeout,
      Executor workers,
      ServingMetrics metrics,
      RequestLog log) {
    this.vertx = vertx;
    this.endpoints = endpoints;
    this.access = access;
    this.maxBody = maxBody;
    this.received = new ByteBudget(memory);
    this.unsent = new ByteBudget(memory);
    this.timeout = timeout;
    this.workers = workers;
    this.metrics = metrics;
    this.log = log;
  }

  @Override
  public void handle(HttpServerRequest request) {
    var exchange =
        new Exchange(request, vertx.getOrCreateContext(), Cancellation.after(timeout), unsent);
    var endpoint = endpoints.of(request.path() == null ? "" : request.path());
    report(exchange, endpoint.map(Endpoints.Endpoint::label).orElse("other"));
    try {
      access.checkOrigin(request);
      if (request.method().equals(HttpMethod.OPTIONS)) {
        endpoint.ifPresent(found -> request.response().putHeader("allow", found.allowed()));
        exchange.sendNothing();
        return;
      }
      var found =
          endpoint.orElseThrow(
              () ->
                  ApiException.ofStatus(
                      404, "invalid_request_error", "unknown_url", "there is no such path"));
      checkMethod(request, found);
      if (found.needsKey()) {
        access.checkKey(request);
      }
      if (found.method().equals("GET")) {
        respond(exchange, found, new byte[0]);
        return;
      }
      if (unsent.isSpent()) {
        throw ApiException.busy("clients have not read earlier responses; try again later");
      }
      BodyReader.read(
          vertx, request, maxBody, received, body -> work(exchange, found, body), exchange::send);
    } catch (ApiException e) {
      exchange.send(e);
    }
  }

  private void report(Exchange exchange, String label) {
    long start = System.nanoTime();
    exchange.onEnd(
        status -> {
          var time = Duration.ofNanos(System.nanoTime() - start);
          metrics.onResponse(label, status, time);
          log.onResponse(exchange.request(), status, time);
        },
        () -> log.onDisconnect(exchange.request(), Duration.ofNanos(System.nanoTime() - start)));
  }

  private static void checkMethod(HttpServerRequest request, Endpoints.Endpoint endpoint) {
    boolean isRight =
        request.method().name().equals(endpoint.method())
            || (request.method().equals(HttpMethod.HEAD) && endpoint.method().equals("GET"));
    if (!isRight) {
      request.response().putHeader("allow", endpoint.allowed());
      throw ApiException.ofStatus(
          405, "invalid_request_error", null, "this path needs " + endpoint.method());
    }
  }

  private void work(Exchange exchange, Endpoints.Endpoint endpoint, byte[] body) {
    try {
      workers.execute(
          () -> {
            try {
              respond(exchange, endpoint, body);
            } finally {
              received.release(body.length);
            }
          });
    } catch (RejectedExecutionException e) {
      received.release(body.length);
      exchange.send(ApiException.busy("too many requests wait; try again later"));
    }
  }

  private static void respond(Exchange exchange, Endpoints.Endpoint endpoint, byte[] body) {
    try {
      endpoint.action().respond(exchange, body);
    } catch (ApiException e) {
      exchange.send(e);
    } catch (RuntimeException e) {
      LOG.error("{} failed", endpoint.label(), e);
      exchange.send(ApiException.internal());
    }
  }
}
