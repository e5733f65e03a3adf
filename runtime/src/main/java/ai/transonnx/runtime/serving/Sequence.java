package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.StateMemory;
import ai.transonnx.runtime.TokenLoop;
import ai.transonnx.runtime.TopKCountRounding;
import ai.transonnx.runtime.generation.GenerationRequest;
import ai.transonnx.runtime.generation.GenerationRows;
import java.time.Duration;
import java.util.Arrays;

/** A request while it is served: its tokens, their selection, and its end. For one thread. */
final class Sequence {
  private final OnnxModel model;
  private final GenerationRequest request;
  private final Cancellation cancellation;
  private final Delivery delivery;
  private final SchedulerMetrics metrics;
  private final GenerationRows rows;
  private final int promptLength;
  private final long submitted = System.nanoTime();
  private long[] tokens;
  private int length;
  private long lastToken;
  private boolean recomputes;
  private boolean ended;

  /**
   * A request that has not been computed.
   *
   * @param request of one prompt, which has been checked
   */
  Sequence(
      OnnxModel model,
      GenerationRequest request,
      Cancellation cancellation,
      Delivery delivery,
      SchedulerMetrics metrics) {
    this.model = model;
    this.request = request;
    this.cancellation = cancellation;
    this.delivery = delivery;
    this.metrics = metrics;
    this.tokens = request.prompt(0);
    this.length = tokens.length;
    this.promptLength = tokens.length;
    var builder =
        GenerationRows.builder(request.options())
            .vocabulary(model.inputVocabulary())
            .topKRounding(model.metadata().topKRounding().orElse(TopKCountRounding.CEIL))
            .listener(delivery)
            .cancellation(cancellation);
    request.tokenizer().ifPresent(used -> builder.text(used, new long[][] {tokens}));
    this.rows = builder.build();
  }

  Cancellation cancellation() {
    return cancellation;
  }

  ContextOverflow contextOverflow() {
    return request.options().contextOverflow();
  }

  /** A loop with the request's options, which has been fed nothing. */
  TokenLoop loop() {
    return builder().build();
  }

  /** A loop as {@link #loop()}, with the state of {@code positions} in {@code memory}. */
  TokenLoop loop(StateMemory memory, int positions) {
    return builder().reserve(memory, positions).build();
  }

  private TokenLoop.Builder builder() {
    return TokenLoop.builder(model).inputs(request.inputs()).contextOverflow(contextOverflow());
  }

  /** The number of tokens of the prompt, and of all that may follow it. */
  long longest() {
    return (long) promptLength + request.options().length();
  }

  /** The last {@code n} tokens so far, or all if there are fewer. */
  long[] last(long n) {
    return Arrays.copyOfRange(tokens, (int) Math.max(0, length - n), length);
  }

  /** The last token. */
  long last() {
    return tokens[length - 1];
  }

  /** Whether there is another step. */
  boolean continues() {
    return rows.continues();
  }

  /**
   * Selects the next token.
   *
   * @param vocabulary the number of logits
   * @throws ai.transonnx.runtime.InferenceException if a logit is not a number, or the token has no
   *     embedding
   */
  void select(int vocabulary, GenerationRows.Logits logits) {
    rows.step(vocabulary, logits);
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * length);
    }
    tokens[length++] = rows.last(0);
    long now = System.nanoTime();
    if (length == promptLength + 1) {
      metrics.onFirstToken(Duration.ofNanos(now - submitted));
    } else {
      metrics.onToken(Duration.ofNanos(now - lastToken));
    }
    lastToken = now;
  }

  /** Reports once that a loop recomputes its context window. */
  void noteRecomputing(TokenLoop loop) {
    if (!recomputes && loop.recomputeReason().isPresent()) {
      recomputes = true;
      delivery.onRecomputing(loop.recomputeReason().get());
    }
  }

  /** Whether it has a result, or has failed. */
  boolean hasEnded() {
    return ended;
  }

  /** Ends the request with its tokens so far. */
  void finish() {
    ended = true;
    try {
      var result = rows.result();
      metrics.onFinished(
          result.finishReason(0),
          promptLength,
          length - promptLength,
          Duration.ofNanos(System.nanoTime() - submitted));
      delivery.complete(result);
    } catch (RuntimeException | Error e) { // of the tokenizer
      fail(e);
    }
  }

  /** Ends the request without a result. */
  void fail(Throwable reason) {
    ended = true;
    metrics.onFailed(reason);
    delivery.fail(reason);
  }
}
