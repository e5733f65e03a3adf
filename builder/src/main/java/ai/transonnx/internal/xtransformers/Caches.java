package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.ContextCache;
import ai.transonnx.attention.KeyValueCache;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What the attentions of a stack of layers keep from call to call.
 *
 * @param self of layers that attend to their own sequence; null if there are none, or each call
 *     starts anew
 * @param cross of layers that attend to the context, alike
 */
record Caches(@Nullable KeyValueCache self, @Nullable ContextCache cross) {
  static Caches of(Scope scope, StackPlan plan, Value x, LayerInputs inputs) {
    var going = inputs.continuation();
    if (going == null) {
      return new Caches(null, null);
    }
    var layout = layout(plan);
    boolean attends = plan.selfAttentions() > 0;
    var context = inputs.context();
    return new Caches(
        attends
            ? new KeyValueCache(scope, going.history(), layout, going.slots(), going.position(), x)
            : null,
        context == null ? null : new ContextCache(scope, going.history(), layout, context));
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
        plan.attention().weights());
  }
}
