package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ContextCache;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.attention.KeyValueCache.Vectors;
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
    int layers = isSelf ? plan.selfAttentions() : plan.crossAttentions();
    int leading = attention.memoryKeys();
    var inputs = attention.parts().inputs();
    var latents = inputs.latents();
    if (latents != null && attention.canKeepLatents() && !plan.mixesValues(kind)) {
      var rotated = latents.rotated();
      return new KeyValueCache.Layout(
          layers,
          new Vectors(1, inputs.key().dim()),
          rotated == null ? null : new Vectors(rotated.heads(), rotated.headDim()),
          leading,
          true);
    }
    boolean keysAreValues = attention.keysAreValues() && !plan.mixesValues(kind);
    var value = inputs.value() == null ? inputs.key() : inputs.value();
    int valueHeads = inputs.value() == null ? inputs.keyHeads() : value.heads();
    return new KeyValueCache.Layout(
        layers,
        new Vectors(inputs.keyHeads(), attention.keyFeatures()),
        keysAreValues ? null : new Vectors(valueHeads, value.headDim()),
        leading,
        false);
  }
}
