package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.PaddingMask;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Positions that divide sequences. Immutable.
 *
 * @param start the number of padding positions before each sequence: int64 {@code [b]}, or null
 * @param prefix the number of positions that all positions attend to: int64 {@code [b]}, or null
 */
record SequenceBounds(@Nullable Value start, @Nullable Value prefix) {
  /** The input of padding positions. */
  static final String START = "seq_start_pos";

  /** The input of positions that all attend to. */
  static final String PREFIX = "prefix_attn_len";

  /** No bounds. */
  static final SequenceBounds NONE = new SequenceBounds(null, null);

  /** Declares the requested inputs. */
  static SequenceBounds declare(GraphInputs inputs, StackPlan plan) {
    return new SequenceBounds(
        plan.masks().hasStart() ? inputs.numbers(START) : null,
        plan.masks().attendsPrefix() ? inputs.numbers(PREFIX) : null);
  }

  /** The inputs that a stack accepts. */
  static List<String> names(StackPlan plan) {
    if (plan.selfAttentions() == 0) {
      return List.of();
    }
    return plan.masks().attendsPrefix()
        ? List.of(START, PREFIX)
        : plan.masks().hasStart() ? List.of(START) : List.of();
  }

  /**
   * Masks the keys before the start of each sequence.
   *
   * @param x {@code [b, n, d]}
   * @param keys bool {@code [b, past + n]}: the keys that are not padding, or null
   * @param memories the memories of layers {@code [b, past, d]}
   * @return bool {@code [b, past + n]}; null if no key is masked
   */
  @Nullable Value mask(Scope scope, Value x, @Nullable Value keys, List<Value> memories) {
    if (start == null) {
      return keys;
    }
    var positions = scope.range(scope.size(x, 1), x.dim(1)); // [n]
    var kept = scope.greaterOrEqual(positions, scope.unsqueeze(start, 1)); // [b, n]
    if (!memories.isEmpty()) {
      var memory = memories.get(0);
      kept = PaddingMask.before(scope, kept, scope.size(memory, 1), memory.dim(1));
    }
    return keys == null ? kept : scope.and(keys, kept);
  }
}
