package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.CancelledException;
import ai.transonnx.runtime.DecodeBatch;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.PrefixCache;
import ai.transonnx.runtime.StateMemory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rounds of a scheduler, in a thread of its own: requests from the queue are admitted, all rows
 * get their next token, and a chunk of the oldest prompt is computed.
 */
final class Steps implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(Steps.class);

  /** A call reads all weights, which takes about as long as the products of this many tokens. */
  private static final int LEAST_CHUNK = 16;

  private final OnnxModel model;
  private final SchedulerOptions options;
  private final SchedulerMetrics metrics;
  private final RequestQueue queue;
  private final Optional<PrefixCache> prefixes;
  private final Optional<StateMemory> memory;
  private final DecodeRows rows;
  private final StateBudget budget;
  private final Deque<Prefill> prefills = new ArrayDeque<>();
  private final List<Sequence> active = new ArrayList<>();
  private volatile int prefilling;
  private volatile int decoding;

  Steps(
      OnnxModel model,
      SchedulerOptions options,
      SchedulerMetrics metrics,
      RequestQueue queue,
      StateBudget budget,
      Cancellation shutdown) {
    this.model = model;
    this.options = options;
    this.metrics = metrics;
    this.queue = queue;
    this.budget = budget;
    this.rows = new DecodeRows(model, options.exact(), shutdown);
    this.prefixes =
        options.exact() || options.prefixMemory() == 0
            ? Optional.empty()
            : Optional.of(new PrefixCache(model, options.prefixMemory()));
    boolean shares = !options.exact() && DecodeBatch.obstacle(model).isEmpty();
    this.memory = shares ? Optional.of(new StateMemory()) : Optional.empty();
  }

  SchedulerStatus status() {
    return new SchedulerStatus(
        queue.size(),
        prefilling,
        decoding,
        prefixes.map(PrefixCache::size).orElse(0),
        prefixes.map(PrefixCache::bytes).orElse(0L));
  }

  @Override
  public void run() {
    try {
      while (!active.isEmpty() || queue.await(this::release)) {
        round();
      }
    } catch (RuntimeException | Error e) {
      LOG.error("{}: the scheduler ends: internal error", model.file(), e);
      queue.close();
      active.removeIf(Sequence::hasEnded);
      active.forEach(sequence -> sequence.fail(e));
      queue.take(sequence -> true).forEach(sequence -> sequence.fail(e));
    } finally {
      prefills.forEach(Prefill::close);
      rows.close();
    }
  }

  private void release() {
    rows.release();
    memory.ifPresent(StateMemory::release);
  }

  private void round() {
    Thread.interrupted(); // Only closing ends the scheduler.
    long start = System.nanoTime();
    queue.take(sequence -> !sequence.continues()).forEach(Sequence::finish);
    queue.takeFirst(this::admits).forEach(this::begin);
    int decoded = rows.step();
    int prefilled = prefill();
    active.removeIf(Sequence::hasEnded);
    prefilling = prefills.size();
    decoding = rows.count();
    metrics.onStep(decoded, prefilled, queue.size(), Duration.ofNanos(System.nanoTime() - start));
  }

  private boolean admits(Sequence next) {
    boolean fits = active.size() < options.maxRows() && budget.admits(active, next);
    if (fits) {
      active.add(next);
    }
    return fits;
  }

  private void begin(Sequence sequence) {
    try {
      prefills.add(Prefill.of(model, sequence, prefixes, memory, options.exact(), metrics));
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
    }
  }

  /** Computes a chunk of prompts, those that came first; returns the number of their tokens. */
  private int prefill() {
    int all = 0;
    int rest = options.prefillChunk();
    while (rest > 0 && !prefills.isEmpty()) {
      var prefill = prefills.element();
      int n = step(prefill, rest);
      all += n;
      rest -= Math.max(n, LEAST_CHUNK);
    }
    return all;
  }

  /** Computes a part of a prompt, and the first token after all of it. */
  private int step(Prefill prefill, int most) {
    var sequence = prefill.sequence();
    int n = 0;
    try {
      if (sequence.continues()) {
        n = prefill.step(most);
        sequence.noteRecomputing(prefill.loop());
        if (prefill.isDone()) {
          var loop = prefill.loop();
          sequence.select(loop.vocabulary(), (row, into) -> loop.logits(0, into));
          prefill.keep(); // after the token, which is waited for
        }
      }
    } catch (CancelledException e) {
      // The sequence ends with its tokens so far.
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
    }
    if (!sequence.hasEnded() && !sequence.continues()) {
      sequence.finish();
    }
    if (sequence.hasEnded()) {
      prefills.remove();
      prefill.close();
    } else if (prefill.isDone()) {
      prefills.remove();
      decode(sequence, prefill);
    }
    return n;
  }

  private void decode(Sequence sequence, Prefill prefill) {
    try {
      rows.add(sequence, prefill.loop(), active.size());
    } catch (RuntimeException | Error e) {
      sequence.fail(e);
    }
  }
}
