package ai.transonnx.server.internal;

import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/** The responses of each path. Threads may share it. */
public final class Endpoints {
  private static final String MODELS = "/v1/models";

  private final OnnxModel model;
  private final String name;
  private final Tokenizer tokenizer;
  private final GenerationScheduler scheduler;
  private final PromptReader prompts;
  private final CompletionLimits limits;
  private final ServingMetrics metrics;
  private final long started = System.currentTimeMillis() / 1000;
  private final Buffer page = page();

  /** An action of a path. */
  @FunctionalInterface
  interface Action {
    /** Responds. The body of a GET is empty. */
    void respond(Exchange exchange, byte[] body);
  }

  /**
   * What a path does.
   *
   * @param method its only method
   * @param needsKey whether it needs the API key
   * @param label its name in the metrics
   */
  record Endpoint(String method, boolean needsKey, String label, Action action) {}

  /** The endpoints of a model. */
  public Endpoints(
      OnnxModel model,
      String name,
      Tokenizer tokenizer,
      GenerationScheduler scheduler,
      PromptReader prompts,
      CompletionLimits limits,
      ServingMetrics metrics) {
    this.model = model;
    this.name = name;
    this.tokenizer = tokenizer;
    this.scheduler = scheduler;
    this.prompts = prompts;
    this.limits = limits;
    this.metrics = metrics;
  }

  private static Buffer page() {
    try (InputStream in = Endpoints.class.getResourceAsStream("/ai/transonnx/server/page.html")) {
      return Buffer.buffer(java.util.Objects.requireNonNull(in).readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What a path does; empty if there is no such path. */
  Optional<Endpoint> of(String path) {
    if (path.startsWith(MODELS + "/")) {
      String asked = path.substring(MODELS.length() + 1);
      return Optional.of(
          new Endpoint("GET", true, MODELS, (exchange, body) -> model(exchange, asked)));
    }
    return switch (path) {
      case "/" ->
          get(
              false,
              path,
              (exchange, body) -> exchange.send(200, "text/html; charset=utf-8", page));
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
      case "/v1/completions" -> Optional.of(new Endpoint("POST", true, path, this::complete));
      default -> Optional.empty();
    };
  }

  private static Optional<Endpoint> get(boolean needsKey, String path, Action action) {
    return Optional.of(new Endpoint("GET", needsKey, path, action));
  }

  private void health(Exchange exchange) {
    var status = scheduler.status();
    exchange.send(
        200,
        Fields.JSON
            .createObjectNode()
            .put("status", "ok")
            .put("model", name)
            .put("waiting", status.waiting())
            .put("generating", status.prefilling() + status.decoding()));
  }

  private void models(Exchange exchange) {
    var list = Fields.JSON.createObjectNode().put("object", "list");
    list.putArray("data").add(description());
    exchange.send(200, list);
  }

  private void model(Exchange exchange, String asked) {
    checkName(asked);
    exchange.send(200, description());
  }

  private ObjectNode description() {
    return Fields.JSON
        .createObjectNode()
        .put("id", name)
        .put("object", "model")
        .put("created", started)
        .put("owned_by", "transonnx");
  }

  private void checkName(String asked) {
    if (!asked.equals(name)) {
      throw ApiException.unknownModel("this server has one model, '%s'".formatted(name));
    }
  }

  private void complete(Exchange exchange, byte[] body) {
    var request = CompletionRequest.read(body, prompts, limits);
    request.model().ifPresent(this::checkName);
    checkWindow(request);
    new Completion(exchange, request, name, tokenizer).start(scheduler);
  }

  /** Refuses what would recompute the whole context window for each further token. */
  private void checkWindow(CompletionRequest request) {
    var window = model.metadata().maxLength();
    if (window.isEmpty()) {
      return;
    }
    for (var prompt : request.prompts()) {
      long all = (long) prompt.tokens().length + request.maxTokens();
      if (all > window.getAsInt()) {
        throw ApiException.contextLength(
            "%s tokens of the prompt and %s new ones exceed the context window of %s"
                .formatted(prompt.tokens().length, request.maxTokens(), window.getAsInt()));
      }
    }
  }
}
