package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.ContextCache;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The KV caches of a layer stack.
 *
 * @param self the cache of self-attention; null without self-attention or without state
 * @param cross the cache of cross-attention; null without a context or without state
 */
record AttentionCaches(@Nullable KeyValueCache self, @Nullable ContextCache cross) {
  static AttentionCaches of(Scope scope, StackPlan plan, Value x, LayerInputs inputs) {
    var step = inputs.step();
    if (step == null) {
      return new AttentionCaches(null, null);
    }
    var layout = layout(plan);
    boolean hasSelfAttention = plan.selfAttentions() > 0;
    var context = inputs.context();
    return new AttentionCaches(
        hasSelfAttention
            ? new KeyValueCache(scope, step.pastState(), layout, step.slots(), step.position(), x)
            : null,
        context == null ? null : new ContextCache(scope, step.pastState(), layout, context));
  }

  private static KeyValueCache.Layout layout(StackPlan plan) {
    Attention parts = plan.attention().parts();
    var key = parts.key();
    var value = parts.value() == null ? key : parts.value();
    return new KeyValueCache.Layout(
        plan.selfAttentions(),
        key.heads(),
        key.headDim(),
        parts.keysAreValues() ? 0 : value.headDim(),
        plan.attention().memoryKeys());
  }
}
