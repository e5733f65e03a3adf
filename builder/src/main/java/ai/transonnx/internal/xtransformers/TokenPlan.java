package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * A {@code TransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param maxLength the maximum sequence length; 0 if it is unlimited
 * @param tokens the vocabulary size
 * @param features the embedding dimension
 * @param embeddings the submodule of {@code token_emb} that contains the table; empty for {@code
 *     token_emb} itself
 * @param unitEmbeddings whether embeddings are l2-normalized
 * @param positions the absolute position embeddings, or null
 * @param normedEmbeddings whether the sum of embeddings and positions is normalized
 * @param memoryTokens the number of learned memory tokens
 * @param memoryLength the maximum length of the Transformer-XL memory
 * @param memoryShift the number of layers by which memories are shifted down
 * @param logits the number of logits; null if the token embeddings are the output projection
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
