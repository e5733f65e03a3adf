package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * A {@code TransformerWrapper}, as a library's options describe it.
 *
 * @param stack the layers
 * @param maxLength the most positions of a call
 * @param tokens in the vocabulary
 * @param features of an embedding
 * @param embeddings where the table of embeddings is, below {@code token_emb}; empty if it is there
 * @param unitEmbeddings whether embeddings have the length 1
 * @param positions what is added for the position, or null
 * @param normedEmbeddings whether the sum is normalized
 * @param memoryTokens positions before all others that are weights
 * @param memoryLength positions that a memory keeps
 * @param memoryShift layers that a memory moves down
 * @param logits features of the logits; null if they are products with the embeddings
 */
public record TokenPlan(
    StackPlan stack,
    int maxLength,
    int tokens,
    int features,
    String embeddings,
    boolean unitEmbeddings,
    @Nullable PositionEmbedding positions,
    boolean normedEmbeddings,
    int memoryTokens,
    int memoryLength,
    int memoryShift,
    @Nullable Integer logits) {}
