package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.PastState;
import ai.transonnx.attention.CacheLayout;
import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.ModelBuilder;
import ai.transonnx.graph.Shape;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * How far back a decoder that goes on sees, and what it keeps: what no position will see any more
 * need not be kept. A limit of the layers is one of the model; and where positions are relative, a
 * loop may set one, to go on beyond the length that the model was made for.
 *
 * @param seen how many positions the layers see at most, their own among them; null for all
 * @param limit the window that a loop may set; null if it may not
 * @param refusal why a loop cannot go on beyond the model's length; null if it can
 * @param memoryTokens positions before all others
 * @param call how many positions a call may have when all slots are taken
 */
record SlidingWindow(
    @Nullable Long seen,
    @Nullable Long limit,
    @Nullable String refusal,
    int memoryTokens,
    long call) {
  private static final String WINDOW = "window";

  /** How many positions a call may have when all slots are taken, unless all calls have more. */
  private static final long CALL = 128;

  /** More slots than there are positions. */
  private static final long ENDLESS = 1L << 62;

  /** The largest window for which slots are worth being used again. */
  private static final long MAX = 1 << 24;

  /**
   * The window of a model.
   *
   * @param length the number of positions in a call
   */
  static SlidingWindow of(StackPlan plan, SequencePlan sequence, Dim length, boolean wantsWeights) {
    var refusal = refusal(plan, sequence, wantsWeights);
    var bias = plan.attention().bias();
    boolean isTable = biasesWeights(plan) && bias != null && bias.isSquare();
    var seen = wantsWeights || isTable ? null : seen(plan, sequence);
    var limit = refusal == null && seen == null ? (Long) (long) sequence.maxLength() : null;
    long call = length.isFixed() ? Math.max(length.size(), CALL) : CALL;
    return new SlidingWindow(seen, limit, refusal, sequence.memoryTokens(), call);
  }

  private static @Nullable Long seen(StackPlan plan, SequencePlan sequence) {
    var past = plan.attention().maxPast();
    long most = sequence.maxLength() == 0 ? MAX : sequence.maxLength();
    return past == null || past + 1L >= most || plan.selfAttentions() == 0
        ? null
        : (Long) (past + 1L);
  }

  private static @Nullable String refusal(
      StackPlan plan, SequencePlan sequence, boolean wantsWeights) {
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
      return "'attn_num_mem_kv' keys have a place before the first position, too";
    }
    return wantsWeights ? "attention maps are of all positions so far" : null;
  }

  private static boolean biasesWeights(StackPlan plan) {
    return plan.attention().weights() > 0 && plan.attention().bias() != null;
  }

  /** The slots of a call, of which a runtime is told. */
  CacheLayout slots(Scope scope, PastState history, ModelBuilder model) {
    if (refusal != null) {
      model.property(MetadataKey.FIXED_WINDOW, refusal);
    }
    if (seen != null) {
      declare(model, MetadataKey.RING_WINDOW, MetadataKey.RING_SLOTS, seen);
      var slots = scope.vector(memoryTokens + slots(seen));
      return new CacheLayout.Ring(scope.vector(seen), slots);
    }
    return limit == null ? new CacheLayout.Consecutive() : limited(scope, history, model, limit);
  }

  /** Positions have slots of their own unless the loop has set its window, which begins as 0. */
  private CacheLayout limited(Scope scope, PastState history, ModelBuilder model, long limit) {
    declare(model, MetadataKey.KEPT_WINDOW, MetadataKey.KEPT_SLOTS, limit);
    var past = history.past(WINDOW, ElementType.INT64, Shape.SCALAR); // [b]
    history.present(WINDOW, scope.copy(past));
    var window = scope.keptMax(past, 0); // [1]
    var isSet = scope.less(scope.vector(0), window);
    var endless = scope.vector(ENDLESS);
    return new CacheLayout.Ring(
        scope.where(isSet, window, endless),
        scope.where(isSet, scope.add(window, scope.vector(call - 1)), endless));
  }

  private void declare(ModelBuilder model, MetadataKey seen, MetadataKey all, long window) {
    model.property(seen, window);
    model.property(all, slots(window));
  }

  private long slots(long window) {
    return window + call - 1;
  }
}
