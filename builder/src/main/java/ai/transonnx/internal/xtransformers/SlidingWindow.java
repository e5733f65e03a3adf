package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The sliding window of a decoder with state. Positions that left the window are evicted from the
 * KV cache. The layers themselves may have a window, {@code attn_max_attend_past}. Otherwise, if
 * positions are relative, a loop may set a window to generate beyond {@code max_seq_len}.
 *
 * @param seen the window of the layers, including the query's own position; null if it is unlimited
 * @param limit the largest window that a loop may set; null if it cannot set one
 * @param obstacle the reason why a loop cannot generate beyond {@code max_seq_len}; null if it can
 * @param memoryTokens the number of learned memory tokens
 * @param call the maximum length of a call when all slots are in use
 */
record SlidingWindow(
    @Nullable Long seen,
    @Nullable Long limit,
    @Nullable String obstacle,
    int memoryTokens,
    long call) {
  private static final String WINDOW = "window";

  /** The maximum length of a call when all slots are in use, unless the fixed length is greater. */
  private static final long MIN_CALL = 128;

  /** More slots than any sequence has positions. */
  private static final long UNBOUNDED = 1L << 62;

  /** The largest window for which slots are reused. */
  private static final long MAX_WINDOW = 1 << 24;

  /**
   * The window of a model.
   *
   * @param length the length of a call
   */
  static SlidingWindow of(
      StackPlan plan, WrapperPlan sequence, Dim length, boolean returnsAttention) {
    var obstacle = obstacle(plan, sequence, returnsAttention);
    var bias = plan.self().bias();
    boolean isTable = biasesWeights(plan) && bias != null && bias.isSquare();
    boolean isOrdered = plan.self().parts().scores().needKeysInOrder();
    var seen = returnsAttention || isTable || isOrdered ? null : seen(plan, sequence);
    var limit = obstacle == null && seen == null ? (Long) (long) sequence.maxLength() : null;
    long call = length.isFixed() ? Math.max(length.size(), MIN_CALL) : MIN_CALL;
    return new SlidingWindow(seen, limit, obstacle, sequence.memoryTokens(), call);
  }

  private static @Nullable Long seen(StackPlan plan, WrapperPlan sequence) {
    var past = plan.self().distances().most();
    long maxWindow = sequence.maxLength() == 0 ? MAX_WINDOW : sequence.maxLength();
    return past == null || past + 1L >= maxWindow || plan.selfAttentions() == 0
        ? null
        : (Long) (past + 1L);
  }

  private static @Nullable String obstacle(
      StackPlan plan, WrapperPlan sequence, boolean returnsAttention) {
    if (sequence.maxLength() == 0 || plan.selfAttentions() == 0) {
      return "it has no window";
    }
    if (sequence.positions() != null) {
      return "its embeddings of positions are absolute";
    }
    if (sequence.memoryTokens() > 0) {
      return "'num_memory_tokens' stand before the first position, which would leave the window";
    }
    if (biasesWeights(plan)) {
      return "'attn_num_mem_kv' keys also have a position, before the first one";
    }
    if (plan.self().parts().scores().needKeysInOrder()) {
      return "its scores depend on all earlier keys, in their order";
    }
    return returnsAttention ? "attention maps cover all positions so far" : null;
  }

  private static boolean biasesWeights(StackPlan plan) {
    return plan.self().memoryKeys() > 0 && plan.self().bias() != null;
  }

  /** The cache slots of a call; also describes them in the model's metadata. */
  CacheLayout slots(Scope scope, PastState pastState, ModelBuilder model) {
    if (obstacle != null) {
      model.property(MetadataKey.FIXED_WINDOW, obstacle);
    }
    if (seen != null) {
      declare(model, MetadataKey.RING_WINDOW, MetadataKey.RING_SLOTS, seen);
      var slots = scope.vector(memoryTokens + slots(seen));
      return new CacheLayout.Ring(scope.vector(seen), slots, StateRole.RING);
    }
    return limit == null ? new CacheLayout.Consecutive() : limited(scope, pastState, model, limit);
  }

  /** Slots are reused only if the loop has set a window; initially it is 0, which means none. */
  private CacheLayout limited(Scope scope, PastState pastState, ModelBuilder model, long limit) {
    declare(model, MetadataKey.KEPT_WINDOW, MetadataKey.KEPT_SLOTS, limit);
    var past = pastState.past(WINDOW, StateRole.WINDOW, ElementType.INT64, Shape.SCALAR); // [b]
    pastState.present(WINDOW, scope.copy(past));
    var window = scope.keptMax(past, 0); // [1]
    var isSet = scope.less(scope.vector(0), window);
    var endless = scope.vector(UNBOUNDED);
    return new CacheLayout.Ring(
        scope.where(isSet, window, endless),
        scope.where(isSet, scope.add(window, scope.vector(call - 1)), endless),
        StateRole.BUFFER);
  }

  private void declare(ModelBuilder model, MetadataKey seen, MetadataKey all, long window) {
    model.property(seen, window);
    model.property(all, slots(window));
  }

  private long slots(long window) {
    return window + call - 1;
  }
}
