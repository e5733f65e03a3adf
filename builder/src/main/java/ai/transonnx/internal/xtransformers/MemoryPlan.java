package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The memories of a wrapper. Immutable.
 *
 * @param tokens the number of learned memory tokens before the sequence
 * @param every the number of positions that follow the memory tokens, after which they stand again;
 *     0 if they stand before the sequence alone
 * @param length the maximum length of the Transformer-XL memory
 * @param joined whether memories contain earlier memories, or layer inputs of the last call alone
 * @param shift the number of layers by which Transformer-XL memories are shifted down
 */
public record MemoryPlan(int tokens, int every, int length, int shift, boolean joined) {
  /**
   * Memories of a wrapper whose memory tokens, if any, stand before the sequence.
   *
   * @param tokens the number of memory tokens, or null for none
   */
  public static MemoryPlan of(@Nullable Integer tokens, int length, int shift, boolean joined) {
    return new MemoryPlan(tokens == null ? 0 : tokens, 0, length, shift, joined);
  }

  /** These memories, with memory tokens before every so many positions; null for none. */
  public MemoryPlan interspersed(@Nullable Integer positions) {
    return new MemoryPlan(
        tokens, positions == null || tokens == 0 ? 0 : positions, length, shift, joined);
  }

  /** Whether the memory tokens stand at several positions. */
  boolean isInterspersed() {
    return every > 0;
  }

  /**
   * The memories for the next call: the last positions of old memories and layer inputs.
   *
   * @param memories the old memory of each layer {@code [b, past, dim]}; empty without memories
   * @param hiddens the input of each layer {@code [b, n, dim]}
   * @return the memory of each layer with self-attention {@code [b, past, dim]}
   */
  List<Value> next(Scope scope, List<Value> memories, List<Value> hiddens) {
    var next = new ArrayList<Value>();
    for (int i = 0; i < hiddens.size(); i++) {
      var hidden = hiddens.get(i);
      var all = joined && !memories.isEmpty() ? scope.concat(1, memories.get(i), hidden) : hidden;
      next.add(scope.last(all, 1, length, scope.unknownDim()));
    }
    return next;
  }
}
