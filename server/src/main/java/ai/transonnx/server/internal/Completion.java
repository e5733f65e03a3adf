package ai.transonnx.server.internal;

import ai.transonnx.runtime.generation.Generation;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.internal.RequestFields;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.GenerationTask;
import ai.transonnx.runtime.text.Tokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One call of {@code /v1/completions}: its choices, and the response when all have ended. */
final class Completion {
  private static final Logger LOG = LoggerFactory.getLogger(Completion.class);

  private final Exchange exchange;
  private final CompletionRequest request;
  private final String model;
  private final Tokenizer tokenizer;
  private final String id = "cmpl-" + UUID.randomUUID();
  private final long created = System.currentTimeMillis() / 1000;
  private final List<String> early = new ArrayList<>(); // guarded by itself
  private boolean begun; // guarded by early

  Completion(Exchange exchange, CompletionRequest request, String model, Tokenizer tokenizer) {
    this.exchange = exchange;
    this.request = request;
    this.model = model;
    this.tokenizer = tokenizer;
  }

  /**
   * Submits all choices.
   *
   * @throws ApiException if one is refused; none is generated then
   */
  void start(GenerationScheduler scheduler) {
    var choices = new ArrayList<Choice>();
    var tasks = new ArrayList<GenerationTask>();
    try {
      for (int i = 0; i < request.choices(); i++) {
        var choice = new Choice(i, request, tokenizer, this::part);
        var generation =
            GenerationRequest.builder(new long[][] {request.prompt(i).tokens()}, request.options(i))
                .tokenizer(tokenizer)
                .listener(choice)
                .build();
        choices.add(choice);
        tasks.add(scheduler.submit(generation, exchange.cancellation()));
      }
    } catch (RuntimeException e) {
      tasks.forEach(GenerationTask::cancel);
      throw ApiException.of(e);
    }
    if (request.stream()) {
      beginStream();
    }
    var futures = tasks.stream().map(GenerationTask::future).toList();
    futures.forEach(future -> future.whenComplete((result, failure) -> endAll(failure, tasks)));
    CompletableFuture.allOf(futures.toArray(CompletableFuture[]::new))
        .whenComplete(
            (all, failure) -> {
              try {
                finish(choices, futures, failure);
              } catch (RuntimeException e) {
                LOG.error("A response could not be sent", e);
                exchange.send(ApiException.internal());
              }
            });
  }

  private static void endAll(@Nullable Throwable failure, List<GenerationTask> tasks) {
    if (failure != null) {
      tasks.forEach(GenerationTask::cancel);
    }
  }

  private void finish(
      List<Choice> choices,
      List<CompletableFuture<Generation>> futures,
      @Nullable Throwable failure) {
    if (failure != null) {
      fail(ApiException.of(failure instanceof CompletionException ? failure.getCause() : failure));
      return;
    }
    var results = futures.stream().map(CompletableFuture::join).toList();
    for (var result : results) {
      switch (result.finishReason(0)) {
        case DEADLINE -> {
          fail(ApiException.timeout());
          return;
        }
        case CANCELLED -> {
          fail(ApiException.stopping());
          return;
        }
        case LENGTH, STOP -> {}
      }
    }
    if (request.stream()) {
      endStream(choices, results);
    } else {
      var body = head();
      for (int i = 0; i < choices.size(); i++) {
        body.withArray("choices").add(choices.get(i).whole(results.get(i)));
      }
      body.set("usage", usage(results));
      exchange.send(200, body);
    }
  }

  private void fail(ApiException error) {
    if (request.stream()) {
      exchange.event(Exchange.text(Exchange.json(error)));
      exchange.endEvents();
    } else {
      exchange.send(error);
    }
  }

  /** Sends a part of a choice as soon as all choices have been accepted. */
  private void part(ObjectNode choice) {
    var body = head();
    body.withArray("choices").add(choice);
    if (request.includeUsage()) {
      body.putNull("usage");
    }
    String data = Exchange.text(body);
    synchronized (early) {
      if (begun) {
        exchange.event(data);
      } else {
        early.add(data);
      }
    }
  }

  private void beginStream() {
    synchronized (early) {
      exchange.beginEvents();
      early.forEach(exchange::event);
      early.clear();
      begun = true;
    }
  }

  private void endStream(List<Choice> choices, List<Generation> results) {
    for (int i = 0; i < choices.size(); i++) {
      part(choices.get(i).end(results.get(i)));
    }
    if (request.includeUsage()) {
      var body = head();
      body.set("usage", usage(results));
      exchange.event(Exchange.text(body));
    }
    exchange.event("[DONE]");
    exchange.endEvents();
  }

  private ObjectNode head() {
    var json =
        RequestFields.JSON
            .createObjectNode()
            .put("id", id)
            .put("object", "text_completion")
            .put("created", created)
            .put("model", model);
    json.putArray("choices");
    return json;
  }

  private JsonNode usage(List<Generation> results) {
    long generated = results.stream().mapToLong(Generation::size).sum();
    return RequestFields.JSON
        .createObjectNode()
        .put("prompt_tokens", request.promptTokens())
        .put("completion_tokens", generated)
        .put("total_tokens", request.promptTokens() + generated);
  }
}
