package ai.transonnx.server.internal;

import ai.transonnx.runtime.embedding.Embedder;
import ai.transonnx.runtime.embedding.EmbeddingScheduler;
import io.vertx.core.buffer.Buffer;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code POST /v1/embeddings}. */
public final class EmbeddingTask implements ServedTask {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddingTask.class);

  private final ModelCard card;
  private final Embedder embedder;
  private final EmbeddingScheduler scheduler;
  private final PromptReader inputs;
  private final int maxInputs;
  private final Executor writer;

  /**
   * Embeddings of a model.
   *
   * @param maxInputs the maximum number of texts of a request
   * @param writer writes responses; it accepts any number of tasks
   */
  public EmbeddingTask(
      ModelCard card,
      Embedder embedder,
      EmbeddingScheduler scheduler,
      PromptReader inputs,
      int maxInputs,
      Executor writer) {
    this.card = card;
    this.embedder = embedder;
    this.scheduler = scheduler;
    this.inputs = inputs;
    this.maxInputs = maxInputs;
    this.writer = writer;
  }

  @Override
  public void respond(Exchange exchange, byte[] body) {
    var request = EmbeddingRequest.read(body, inputs, maxInputs, embedder.dimension());
    card.check(request.model());
    var response = new EmbeddingResponse(card.name(), request.tokenCount(), request.base64());
    try {
      scheduler
          .submit(request.tokens(), exchange.cancellation())
          .whenCompleteAsync(
              (vectors, failure) -> send(exchange, response, vectors, failure), writer);
    } catch (RuntimeException e) {
      throw ApiException.of(e);
    }
  }

  private static void send(
      Exchange exchange,
      EmbeddingResponse response,
      float @Nullable [][] vectors,
      @Nullable Throwable failure) {
    try {
      if (vectors != null) {
        exchange.send(200, "application/json", Buffer.buffer(response.json(vectors)));
      } else {
        exchange.send(
            ApiException.of(failure instanceof CompletionException ? failure.getCause() : failure));
      }
    } catch (RuntimeException | OutOfMemoryError e) {
      LOG.error("A response could not be written", e);
      exchange.send(ApiException.internal());
    }
  }

  @Override
  public int waiting() {
    return scheduler.status().waiting();
  }

  @Override
  public int running() {
    return scheduler.status().computing();
  }

  @Override
  public void close() {
    scheduler.close();
  }

  @Override
  public void closeNow() {
    scheduler.closeNow();
  }
}
