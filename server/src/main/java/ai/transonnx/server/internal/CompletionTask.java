package ai.transonnx.server.internal;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.quality.Causality;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.LongStream;

/** {@code POST /v1/completions}. */
public final class CompletionTask implements ServedTask {
  private static final int PROBE_LENGTH = 16;

  private final OptionalInt window;
  private final ModelCard card;
  private final Tokenizer tokenizer;
  private final GenerationScheduler scheduler;
  private final PromptReader prompts;
  private final CompletionLimits limits;

  /** Completions of a model for which {@link #obstacle} is empty. */
  public CompletionTask(
      OnnxModel model,
      ModelCard card,
      Tokenizer tokenizer,
      GenerationScheduler scheduler,
      PromptReader prompts,
      CompletionLimits limits) {
    this.window = model.metadata().maxLength();
    this.card = card;
    this.tokenizer = tokenizer;
    this.scheduler = scheduler;
    this.prompts = prompts;
    this.limits = limits;
  }

  /** The reason why a model does not continue texts; empty if it does. */
  public static Optional<String> obstacle(OnnxModel model) {
    try (var loop = TokenLoop.of(model)) {
      return isCausal(loop, model)
          ? Optional.empty()
          : Optional.of(
              model.file()
                  + ": this model cannot continue tokens: its positions depend on those after them,"
                  + " as in an encoder");
    } catch (ModelException | RequestException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private static boolean isCausal(TokenLoop loop, OnnxModel model) {
    int vocabulary = Math.min(loop.vocabulary(), model.inputVocabulary().count().orElse(1));
    long[] tokens = LongStream.range(0, PROBE_LENGTH).map(i -> i % vocabulary).toArray();
    return Causality.isCausal(model, tokens, PROBE_LENGTH, new Cancellation());
  }

  @Override
  public void respond(Exchange exchange, byte[] body) {
    var request = CompletionRequest.read(body, prompts, limits);
    card.check(request.model());
    checkWindow(request);
    new Completion(exchange, request, card.name(), tokenizer).start(scheduler);
  }

  /** Refuses what would recompute the whole context window for each further token. */
  private void checkWindow(CompletionRequest request) {
    if (window.isEmpty()) {
      return;
    }
    for (var prompt : request.prompts()) {
      long all = (long) prompt.tokens().length + request.maxTokens();
      if (all > window.getAsInt()) {
        throw ApiException.contextLength(
            "prompt",
            "%s tokens of the prompt and %s new ones exceed the context window of %s"
                .formatted(prompt.tokens().length, request.maxTokens(), window.getAsInt()));
      }
    }
  }

  @Override
  public int waiting() {
    return scheduler.status().waiting();
  }

  @Override
  public int running() {
    var status = scheduler.status();
    return status.prefilling() + status.decoding();
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
