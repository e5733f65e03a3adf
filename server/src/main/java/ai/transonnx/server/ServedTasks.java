package ai.transonnx.server;

import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.embedding.Embedder;
import ai.transonnx.runtime.embedding.EmbeddingLimits;
import ai.transonnx.runtime.embedding.EmbeddingScheduler;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.serving.SchedulerOptions;
import ai.transonnx.runtime.text.Tokenizer;
import ai.transonnx.server.internal.CompletionLimits;
import ai.transonnx.server.internal.CompletionTask;
import ai.transonnx.server.internal.EmbeddingTask;
import ai.transonnx.server.internal.ModelCard;
import ai.transonnx.server.internal.PromptReader;
import ai.transonnx.server.internal.RefusedTask;
import ai.transonnx.server.internal.ServedTask;
import ai.transonnx.server.internal.ServingMetrics;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tasks of a served model: completions, embeddings, or both.
 *
 * @param completions refused if the model does not continue texts
 * @param embeddings refused if the model has none
 */
record ServedTasks(ServedTask completions, ServedTask embeddings) {
  private static final Logger LOG = LoggerFactory.getLogger(ServedTasks.class);

  /**
   * Finds the tasks of a model, and starts their schedulers.
   *
   * @param writer writes large responses; it accepts any number of tasks
   * @throws ModelException if there is none
   * @throws RequestException if an option concerns embeddings, and the model has none or pools
   */
  static ServedTasks start(
      OnnxModel model,
      ModelCard card,
      Tokenizer tokenizer,
      ServerOptions options,
      ServingMetrics metrics,
      Executor writer) {
    var noText = CompletionTask.obstacle(model);
    Optional<Embedder> embedder;
    String noVectors = "";
    try {
      embedder = Optional.of(embedder(model, options));
    } catch (ModelException e) {
      embedder = Optional.empty();
      noVectors = String.valueOf(e.getMessage());
    }
    if (noText.isPresent() && embedder.isEmpty()) {
      throw new ModelException(
          model.file(), "it cannot be served: %s; %s".formatted(noText.get(), noVectors));
    }
    if (embedder.isEmpty() && (options.pooling().isPresent() || options.normalizesEmbeddings())) {
      throw new RequestException("pooling and normalization need embeddings: " + noVectors);
    }
    noText.ifPresent(LOG::info);
    return new ServedTasks(
        noText.isPresent()
            ? new RefusedTask(
                "the model '%s' computes embeddings and does not continue text; use POST /v1/embeddings"
                    .formatted(card.name()))
            : completions(model, card, tokenizer, options, metrics),
        embedder.isEmpty()
            ? new RefusedTask(
                "the model '%s' continues text and has no output 'embeddings'; use POST /v1/completions"
                    .formatted(card.name()))
            : embeddings(embedder.get(), card, tokenizer, options, metrics, writer));
  }

  private static Embedder embedder(OnnxModel model, ServerOptions options) {
    var embedder =
        options.pooling().isPresent()
            ? Embedder.of(model, options.pooling().get())
            : Embedder.of(model);
    return options.normalizesEmbeddings() ? embedder.normalized() : embedder;
  }

  private static ServedTask completions(
      OnnxModel model,
      ModelCard card,
      Tokenizer tokenizer,
      ServerOptions options,
      ServingMetrics metrics) {
    var limits = options.limits();
    var scheduler =
        GenerationScheduler.of(
            model,
            SchedulerOptions.builder()
                .maxRows(limits.maxRows())
                .maxWaiting(limits.maxWaiting())
                .metrics(metrics)
                .build());
    metrics.watch(scheduler::status);
    var prompts =
        new PromptReader(
            tokenizer,
            options.addsSpecialTokens(),
            model.inputVocabulary(),
            limits.maxPromptTokens());
    return new CompletionTask(
        model,
        card,
        tokenizer,
        scheduler,
        prompts,
        new CompletionLimits(limits.maxChoices(), limits.maxTokens()));
  }

  private static ServedTask embeddings(
      Embedder embedder,
      ModelCard card,
      Tokenizer tokenizer,
      ServerOptions options,
      ServingMetrics metrics,
      Executor writer) {
    var limits = options.limits();
    var meters = metrics.embeddings();
    var scheduler =
        EmbeddingScheduler.of(
            embedder, new EmbeddingLimits(limits.maxRows(), limits.maxWaiting()), meters);
    meters.watch(scheduler::status);
    var inputs =
        new PromptReader(
            tokenizer,
            options.addsSpecialTokens(),
            embedder.vocabulary(),
            Math.min(limits.maxPromptTokens(), embedder.maxLength()));
    return new EmbeddingTask(card, embedder, scheduler, inputs, limits.maxInputs(), writer);
  }

  /** Refuses later requests, and ends all others. */
  void closeNow() {
    completions.closeNow();
    embeddings.closeNow();
  }
}
