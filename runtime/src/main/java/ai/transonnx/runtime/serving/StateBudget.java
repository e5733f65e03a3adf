package ai.transonnx.runtime.serving;

import ai.transonnx.runtime.ContextOverflow;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.RowMemory;
import java.util.List;
import java.util.Locale;

/** The memory for the state of all sequences at their full length: rows of one batch are padded. */
final class StateBudget {
  private final OnnxModel model;
  private final long limit;
  private final RowMemory recomputing;
  private final RowMemory sliding;

  /**
   * A budget.
   *
   * @param limit in bytes
   */
  StateBudget(OnnxModel model, long limit) {
    this.model = model;
    this.limit = limit;
    this.recomputing = new RowMemory(model, ContextOverflow.RECOMPUTE);
    this.sliding = new RowMemory(model, ContextOverflow.SLIDE);
  }

  /**
   * Checks that a sequence fits alone.
   *
   * @throws MemoryLimitException if it does not
   */
  void check(ContextOverflow overflow, long length) {
    double bytes = bytes(overflow, 1, length);
    if (bytes > limit) {
      throw new MemoryLimitException(
          String.format(
              Locale.ROOT,
              "%s: the state of %s tokens has %.1f MB; the limit is %.1f MB: request fewer tokens,"
                  + " or set stateMemory",
              model.file(),
              length,
              bytes / 1e6,
              limit / 1e6));
    }
  }

  private double bytes(ContextOverflow overflow, int rows, long length) {
    return switch (overflow) {
      case RECOMPUTE -> recomputing.bytes(rows, length);
      case SLIDE -> sliding.bytes(rows, length);
    };
  }

  /** Whether another sequence fits beside those that are computed. */
  boolean admits(List<Sequence> active, Sequence next) {
    double bytes = 0;
    for (var overflow : ContextOverflow.values()) {
      int rows = next.contextOverflow() == overflow ? 1 : 0;
      long longest = rows * next.longest();
      for (var sequence : active) {
        if (sequence.contextOverflow() == overflow) {
          rows++;
          longest = Math.max(longest, sequence.longest());
        }
      }
      bytes += bytes(overflow, rows, longest);
    }
    return bytes <= limit;
  }
}
