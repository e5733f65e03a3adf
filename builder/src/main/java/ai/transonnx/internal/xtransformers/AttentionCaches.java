package ai.transonnx.internal.xtransformers;

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
    boolean hasSelfAttention = plan.selfAttentions() > 0;
    var context = inputs.context();
    return new AttentionCaches(
        hasSelfAttention
            ? new KeyValueCache(
                scope,
                step.pastState(),
                layout(plan, LayerKind.ATTENTION),
                step.slots(),
                step.position(),
                x)
            : null,
        context == null
            ? null
            : new ContextCache(
                scope, step.pastState(), layout(plan, LayerKind.CROSS_ATTENTION), context));
  }

  private static KeyValueCache.Layout layout(StackPlan plan, LayerKind kind) {
    boolean isSelf = kind == LayerKind.ATTENTION;
    var attention = isSelf ? plan.self() : plan.cross();
    boolean keysAreValues = attention.keysAreValues() && !plan.mixesValues(kind);
    int layers = isSelf ? plan.selfAttentions() : plan.crossAttentions();
    var inputs = attention.parts().inputs();
    var key = inputs.key();
    var value = inputs.value() == null ? key : inputs.value();
    return new KeyValueCache.Layout(
        layers,
        inputs.keyHeads(),
        attention.keyFeatures(),
        keysAreValues ? 0 : value.headDim(),
        attention.memoryKeys());
  }
}
