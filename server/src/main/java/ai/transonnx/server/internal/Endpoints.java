package ai.transonnx.server.internal;

import ai.transonnx.runtime.internal.RequestFields;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** The responses of each path. Threads may share it. */
public final class Endpoints {
  private static final String MODELS = "/v1/models";
  private static final String COMPLETIONS = "/v1/completions";
  private static final String EMBEDDINGS = "/v1/embeddings";

  /** The protocol's paths for conversations. */
  private static final List<String> CHATS = List.of("/v1/chat/completions", "/v1/responses");

  /** The page has its own script and style, calls this server only, and is in no other page. */
  private static final String PAGE_POLICY =
      "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:;"
          + " connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

  private final ModelCard card;
  private final ServingMetrics metrics;
  private final Map<String, ServedTask> tasks = new LinkedHashMap<>();
  private final Buffer page = readPage();

  /** An action of a path. */
  @FunctionalInterface
  interface Action {
    /** Responds. The body of a GET is empty. */
    void respond(Exchange exchange, byte[] body);
  }

  /**
   * The action of a path.
   *
   * @param method its only method
   * @param needsKey whether it needs the API key
   * @param label its name in the metrics
   */
  record Endpoint(String method, boolean needsKey, String label, Action action) {
    /** The methods that are possible. */
    String allowed() {
      return method.equals("GET") ? "GET, HEAD" : method;
    }
  }

  /** The endpoints of a model. */
  public Endpoints(
      ModelCard card, ServedTask completions, ServedTask embeddings, ServingMetrics metrics) {
    this.card = card;
    this.metrics = metrics;
    tasks.put(COMPLETIONS, completions);
    tasks.put(EMBEDDINGS, embeddings);
  }

  private static Buffer readPage() {
    try (InputStream in = Endpoints.class.getResourceAsStream("/ai/transonnx/server/page.html")) {
      return Buffer.buffer(Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The action of a path; empty if there is no such path. */
  Optional<Endpoint> of(String path) {
    var task = tasks.get(path);
    if (task != null) {
      return Optional.of(new Endpoint("POST", true, path, task::respond));
    }
    if (CHATS.contains(path)) {
      return Optional.of(new Endpoint("POST", true, path, this::refuseChat));
    }
    if (path.startsWith(MODELS + "/")) {
      var asked = Optional.of(path.substring(MODELS.length() + 1));
      return Optional.of(
          new Endpoint("GET", true, MODELS, (exchange, body) -> model(exchange, asked)));
    }
    return switch (path) {
      case "/" -> get(false, path, (exchange, body) -> page(exchange));
      case "/health" -> get(false, path, (exchange, body) -> health(exchange));
      case "/metrics" ->
          get(
              true,
              path,
              (exchange, body) ->
                  exchange.send(
                      200,
                      "text/plain; version=0.0.4; charset=utf-8",
                      Buffer.buffer(metrics.scrape())));
      case MODELS -> get(true, path, (exchange, body) -> models(exchange));
      default -> Optional.empty();
    };
  }

  private static Optional<Endpoint> get(boolean needsKey, String path, Action action) {
    return Optional.of(new Endpoint("GET", needsKey, path, action));
  }

  private void refuseChat(Exchange exchange, byte[] body) {
    throw ApiException.ofStatus(
        404,
        "invalid_request_error",
        "unknown_url",
        "there is no chat, since the model has no template for conversations; send a whole text to "
            + String.join(" or ", possible()));
  }

  /** The paths of the tasks that the model is served for. */
  private List<String> possible() {
    return tasks.entrySet().stream()
        .filter(task -> task.getValue().isPossible())
        .map(Map.Entry::getKey)
        .toList();
  }

  private void page(Exchange exchange) {
    exchange
        .request()
        .response()
        .putHeader("content-security-policy", PAGE_POLICY)
        .putHeader("x-content-type-options", "nosniff");
    exchange.send(200, "text/html; charset=utf-8", page);
  }

  private void health(Exchange exchange) {
    var json = RequestFields.JSON.createObjectNode().put("status", "ok").put("model", card.name());
    possible().forEach(json.putArray("endpoints")::add);
    json.put("waiting", tasks.values().stream().mapToInt(ServedTask::waiting).sum());
    json.put("generating", tasks.values().stream().mapToInt(ServedTask::running).sum());
    exchange.send(200, json);
  }

  private static String decoded(String segment) {
    try {
      return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      return segment;
    }
  }

  private void models(Exchange exchange) {
    var list = RequestFields.JSON.createObjectNode().put("object", "list");
    list.putArray("data").add(card.json());
    exchange.send(200, list);
  }

  private void model(Exchange exchange, Optional<String> asked) {
    card.check(asked.map(Endpoints::decoded));
    exchange.send(200, card.json());
  }
}
