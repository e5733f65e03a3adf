package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * A {@code ContinuousTransformerWrapper}, as a library's options describe it.
 *
 * @param stack the layers
 * @param maxLength the most positions of a call
 * @param in features of an input; null if they are the layers'
 * @param out features of an output; null if they are the layers'
 * @param positions what is added for the position, or null
 * @param normedEmbeddings whether the sum is normalized
 */
public record VectorPlan(
    StackPlan stack,
    int maxLength,
    @Nullable Integer in,
    @Nullable Integer out,
    @Nullable PositionEmbedding positions,
    boolean normedEmbeddings) {}
