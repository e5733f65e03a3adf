package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.PrefixCache;
import ai.transonnx.runtime.StateMemory;
import ai.transonnx.runtime.TokenLoop;
import java.util.Arrays;
import java.util.Optional;

/** The computation of one prompt, in chunks. For one thread. */
final class Prefill implements AutoCloseable {
  private final Sequence sequence;
  private final TokenLoop loop;
  private final long[] tokens;
  private final Optional<PrefixCache> prefixes;
  private final boolean isWhole;
  private int departure;
  private int done;

  private Prefill(
      Sequence sequence,
      TokenLoop loop,
      long[] tokens,
      Optional<PrefixCache> prefixes,
      boolean isWhole) {
    this.sequence = sequence;
    this.loop = loop;
    this.tokens = tokens;
    this.prefixes = prefixes;
    this.isWhole = isWhole;
  }

  /**
   * Starts with the longest kept prefix.
   *
   * @param prefixes empty if none is to be used or kept
   * @param memory the memory of the state until the sequence joins others; empty if it does not
   * @param exact whether the prompt is computed in one call
   */
  static Prefill of(
      OnnxModel model,
      Sequence sequence,
      Optional<PrefixCache> prefixes,
      Optional<StateMemory> memory,
      boolean exact,
      SchedulerMetrics metrics) {
    boolean hasState = !model.metadata().state().isEmpty();
    long window = Long.MAX_VALUE;
    if (hasState && !exact && sequence.contextOverflow() == ContextOverflow.RECOMPUTE) {
      window = model.metadata().maxLength().orElse(Integer.MAX_VALUE);
    }
    // A longer prompt than the window has the same result as its last tokens.
    long[] tokens = sequence.last(window);
    boolean isPrompt = tokens.length == sequence.last(Long.MAX_VALUE).length;
    var loop = memory.map(used -> sequence.loop(used, tokens.length)).orElseGet(sequence::loop);
    try {
      var prefill =
          new Prefill(
              sequence, loop, tokens, isPrompt ? prefixes : Optional.empty(), exact || !hasState);
      prefill.restore(metrics);
      return prefill;
    } catch (RuntimeException | Error e) {
      loop.close();
      throw e;
    }
  }

  private void restore(SchedulerMetrics metrics) {
    if (prefixes.isPresent()) {
      done = prefixes.get().restore(loop, tokens);
      departure = prefixes.get().departure(loop, tokens);
      if (done > 0) {
        metrics.onPrefixReused(done);
      }
    }
  }

  Sequence sequence() {
    return sequence;
  }

  /** The loop, which has the logits of the next token when the prompt is computed. */
  TokenLoop loop() {
    return loop;
  }

  boolean isDone() {
    return done == tokens.length;
  }

  /**
   * Computes the next tokens of the prompt.
   *
   * @param most the maximum number of tokens, unless the prompt is computed in one call
   * @return the number of tokens
   */
  int step(int most) {
    int n = isWhole ? tokens.length - done : Math.min(most, tokens.length - done);
    if (departure > done) {
      n = Math.min(n, departure - done);
    }
    if (n > 0) {
      loop.feed(Arrays.copyOfRange(tokens, done, done + n), sequence.cancellation());
      done += n;
    }
    if (done == departure && !isDone()) {
      keep();
    }
    return n;
  }

  /** Keeps the state of the tokens so far for later prompts. */
  void keep() {
    prefixes.ifPresent(cache -> cache.keep(loop));
  }

  @Override
  public void close() {
    loop.close();
  }
}
