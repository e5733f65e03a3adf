package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * A wrapper of tokens, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param maxLength the maximum sequence length
 * @param embedding the embeddings of tokens
 * @param memory the memories
 * @param passes the passes through the layers
 * @param output the outputs
 * @param inputs the optional inputs
 */
public record TokenPlan(
    StackPlan stack,
    int maxLength,
    EmbeddingPlan embedding,
    MemoryPlan memory,
    Passes passes,
    OutputPlan output,
    WrapperInputs inputs) {
  /** The vocabulary size. */
  int tokens() {
    return embedding.vocabulary().count();
  }

  /** The embedding dimension. */
  int features() {
    return embedding.features();
  }

  /** The absolute position embeddings, or null. */
  @Nullable PositionEmbedding positions() {
    return embedding.positions();
  }

  /** The number of positions that the wrapper adds before the sequence. */
  int addedPositions() {
    int classTokens = output.pooling() instanceof Pooling.ClassTokens tokens ? tokens.count() : 0;
    return memory.tokens() + classTokens;
  }
}
