package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.Norm;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of a {@code TransformerWrapper}. Immutable.
 *
 * @param tokens the vocabulary size
 * @param features the embedding dimension
 * @param table the submodule of {@code token_emb} that contains the table; empty for {@code
 *     token_emb} itself
 * @param unit whether embeddings are l2-normalized
 * @param positions the absolute position embeddings, or null
 * @param norm the norm of the sum of embeddings and positions, or null
 */
public record EmbeddingPlan(
    int tokens,
    int features,
    String table,
    boolean unit,
    @Nullable PositionEmbedding positions,
    @Nullable Norm norm) {}
