package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What goes into a stack of layers besides its sequence.
 *
 * @param mask bool {@code [b, n]}: positions that are not padding
 * @param context {@code [b, m, dim]}
 * @param contextMask bool {@code [b, m]}; without it, the mask is that of the context, too
 * @param attnMask bool {@code [n, j]}, {@code [h, n, j]} or {@code [b, h, n, j]}: which keys each
 *     position may see
 * @param selfAttnContextMask bool {@code [b, past + n]}: which positions are keys, in place of the
 *     mask
 * @param memories of each layer that attends to its own sequence {@code [b, past, dim]}; or none
 * @param wantsWeights whether the weights of all attention are outputs
 * @param continuation of the calls before; null if each call starts anew
 */
record LayerInputs(
    @Nullable Value mask,
    @Nullable Value context,
    @Nullable Value contextMask,
    @Nullable Value attnMask,
    @Nullable Value selfAttnContextMask,
    List<Value> memories,
    boolean wantsWeights,
    @Nullable StepContext continuation) {
  LayerInputs {
    memories = List.copyOf(memories);
  }

  static LayerInputs none() {
    return new LayerInputs(null, null, null, null, null, List.of(), false, null);
  }

  LayerInputs withMask(@Nullable Value changed) {
    return new LayerInputs(
        changed,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        memories,
        wantsWeights,
        continuation);
  }

  LayerInputs withAttnMask(@Nullable Value changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        changed,
        selfAttnContextMask,
        memories,
        wantsWeights,
        continuation);
  }

  LayerInputs withContext(Value changed, @Nullable Value changedMask) {
    return new LayerInputs(
        mask,
        changed,
        changedMask,
        attnMask,
        selfAttnContextMask,
        memories,
        wantsWeights,
        continuation);
  }

  LayerInputs withMemories(List<Value> changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        changed,
        wantsWeights,
        continuation);
  }

  LayerInputs withContinuation(@Nullable StepContext changed) {
    return new LayerInputs(
        mask, context, contextMask, attnMask, selfAttnContextMask, memories, wantsWeights, changed);
  }
}
