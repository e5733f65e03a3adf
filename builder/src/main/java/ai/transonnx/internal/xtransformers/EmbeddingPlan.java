package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.Norm;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The embeddings of a wrapper of tokens. Immutable.
 *
 * @param tables the tables whose embeddings are added; the first is that of the vocabulary
 * @param features the embedding dimension
 * @param unit whether the embeddings of the first table are l2-normalized
 * @param numbers the token that stands for numbers, or null
 * @param deep the factors of the outputs of feedforward layers, or null
 * @param positions the absolute position embeddings, or null
 * @param norm the norm of the sum of embeddings and positions, or null
 */
public record EmbeddingPlan(
    List<TokenTable> tables,
    int features,
    boolean unit,
    @Nullable NumberToken numbers,
    @Nullable DeepEmbedding deep,
    @Nullable PositionEmbedding positions,
    @Nullable Norm norm) {
  public EmbeddingPlan {
    tables = List.copyOf(tables);
  }

  /** The vocabulary. */
  public TokenTable vocabulary() {
    return tables.get(0);
  }
}
