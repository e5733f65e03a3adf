package ai.transonnx.server.internal;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ModelException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RequestException;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.scoring.Scorer;
import ai.transonnx.runtime.serving.GenerationScheduler;
import ai.transonnx.runtime.text.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/** {@code POST /v1/completions}. */
public final class CompletionTask implements ServedTask {
  /** A larger difference of a token's bits is not rounding. */
  private static final double MAX_ROUNDING = 0.02;

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
      return seesLaterTokens(loop, model)
          ? Optional.of(
              model.file()
                  + ": this model cannot continue tokens: its positions depend on those after them,"
                  + " as in an encoder")
          : Optional.empty();
    } catch (ModelException | RequestException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /**
   * No metadata specify it, so it is measured. State of earlier positions implies that it is not.
   */
  private static boolean seesLaterTokens(TokenLoop loop, OnnxModel model) {
    var metadata = model.metadata();
    int n = Math.min(PROBE_LENGTH, metadata.longestCall());
    int vocabulary = Math.min(loop.vocabulary(), model.inputVocabulary().count().orElse(2));
    if (!metadata.state().isEmpty() || n < 2 || vocabulary < 2) {
      return false;
    }
    var sequences = new long[2][n];
    for (int i = 0; i < n; i++) {
      sequences[0][i] = i % vocabulary;
      sequences[1][i] = (i < n / 2 ? i : i + 1) % vocabulary;
    }
    double[][] bits;
    try {
      bits = Scorer.of(model).bits(sequences, new Cancellation());
    } catch (RequestException e) {
      return false; // Only the last position has logits.
    }
    for (int i = 0; i < n / 2 - 1; i++) {
      if (Math.abs(bits[0][i] - bits[1][i]) > MAX_ROUNDING) {
        return true;
      }
    }
    return false;
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
