package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * The norms of a layer; their parent module is the layer's. Immutable.
 *
 * @param input normalizes the layer's input, or null
 * @param output normalizes the layer's output, or null
 * @param sum normalizes the sum of output and residual, or null
 * @param outer normalizes the sum of everything so far, to be added to the layer's result; null
 *     without
 */
public record LayerNorms(
    @Nullable PlacedNorm input,
    @Nullable PlacedNorm output,
    @Nullable PlacedNorm sum,
    @Nullable PlacedNorm outer) {}
