package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * A {@code ContinuousTransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param maxLength the maximum sequence length; 0 if it is unlimited
 * @param in the input dimension; null if inputs are not projected
 * @param out the output dimension; null if outputs are not projected
 * @param positions the absolute position embeddings, or null
 * @param normedEmbeddings whether the sum of inputs and positions is normalized
 */
public record VectorPlan(
    StackPlan stack,
    int maxLength,
    @Nullable Integer in,
    @Nullable Integer out,
    @Nullable PositionEmbedding positions,
    boolean normedEmbeddings) {}
