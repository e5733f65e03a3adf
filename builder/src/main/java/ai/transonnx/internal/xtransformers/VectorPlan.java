package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Norm;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ContinuousTransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param maxLength the maximum sequence length
 * @param in the projection of inputs, or null
 * @param out the projection of outputs, or null
 * @param positions the absolute position embeddings, or null
 * @param embeddingNorm the norm of the sum of inputs and positions, or null
 * @param norm the wrapper's norm of the layers' output, or null
 * @param inputs the optional inputs
 * @param hasLoss whether the library has an autoregressive wrapper for the class
 */
public record VectorPlan(
    StackPlan stack,
    int maxLength,
    @Nullable Linear in,
    @Nullable Linear out,
    @Nullable PositionEmbedding positions,
    @Nullable Norm embeddingNorm,
    @Nullable PlacedNorm norm,
    WrapperInputs inputs,
    boolean hasLoss) {}
