package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The inputs of a layer stack other than its sequence.
 *
 * @param mask bool {@code [b, n]}: positions that are not padding, or null
 * @param context the context of cross-attention {@code [b, m, dim]}, or null
 * @param contextMask bool {@code [b, m]}: context positions that are not padding; if null, {@code
 *     mask} also masks the context
 * @param attnMask bool {@code [n, j]}, {@code [h, n, j]} or {@code [b, h, n, j]}: the keys that
 *     each query may attend to, or null
 * @param selfAttnContextMask bool {@code [b, past + n]}: the keys of self-attention that are not
 *     padding; if null, {@code mask} selects them
 * @param memories the Transformer-XL memory of each layer with self-attention {@code [b, past,
 *     dim]}; empty without memories
 * @param returnsAttention whether attention maps are requested as outputs
 * @param bounds positions that divide the sequences
 * @param positions the positions of the sequence, int64 {@code [b, n]}, {@code [1, n]} or {@code
 *     [n]}; null for those from 0 on
 * @param conditions the vectors that condition the layers
 * @param step the state of the call; null without state
 */
record LayerInputs(
    @Nullable Value mask,
    @Nullable Value context,
    @Nullable Value contextMask,
    @Nullable Value attnMask,
    @Nullable Value selfAttnContextMask,
    List<Value> memories,
    boolean returnsAttention,
    SequenceBounds bounds,
    @Nullable Value positions,
    Conditions conditions,
    @Nullable StepContext step) {
  LayerInputs {
    memories = List.copyOf(memories);
  }

  static LayerInputs none() {
    return new LayerInputs(
        null,
        null,
        null,
        null,
        null,
        List.of(),
        false,
        SequenceBounds.NONE,
        null,
        Conditions.NONE,
        null);
  }

  LayerInputs withMask(@Nullable Value changed) {
    return new LayerInputs(
        changed,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        positions,
        conditions,
        step);
  }

  LayerInputs withAttnMask(@Nullable Value changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        changed,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        positions,
        conditions,
        step);
  }

  LayerInputs withContext(Value changed, @Nullable Value changedMask) {
    return new LayerInputs(
        mask,
        changed,
        changedMask,
        attnMask,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        positions,
        conditions,
        step);
  }

  LayerInputs withMemories(List<Value> changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        changed,
        returnsAttention,
        bounds,
        positions,
        conditions,
        step);
  }

  LayerInputs withStep(@Nullable StepContext changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        positions,
        conditions,
        changed);
  }

  LayerInputs withConditions(Conditions changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        positions,
        changed,
        step);
  }

  LayerInputs withKeyMask(@Nullable Value changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        changed,
        memories,
        returnsAttention,
        bounds,
        positions,
        conditions,
        step);
  }

  LayerInputs withPositions(Value changed) {
    return new LayerInputs(
        mask,
        context,
        contextMask,
        attnMask,
        selfAttnContextMask,
        memories,
        returnsAttention,
        bounds,
        changed,
        conditions,
        step);
  }

  LayerInputs withFeedForwardFactors(List<Value> factors) {
    return withConditions(new Conditions(conditions.ofNorms(), conditions.injected(), factors));
  }
}
