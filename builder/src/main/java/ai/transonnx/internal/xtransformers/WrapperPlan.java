package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.ModelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * The components that a wrapper adds to a layer stack: position embeddings, memory tokens and
 * memories.
 *
 * @param maxLength the maximum sequence length; 0 if it is unlimited
 * @param positions the absolute position embeddings, or null
 * @param memoryTokens the number of learned memory tokens
 * @param memoryLength the maximum length of the Transformer-XL memory
 * @param memoryShift the number of layers by which memories are shifted down
 * @param obstacle the reason why the wrapper cannot be incremental, or null
 */
record WrapperPlan(
    int maxLength,
    @Nullable PositionEmbedding positions,
    int memoryTokens,
    int memoryLength,
    int memoryShift,
    @Nullable String obstacle) {
  /** No wrapper. */
  static final WrapperPlan NONE = new WrapperPlan(0, null, 0, 0, 0, null);

  static WrapperPlan of(TokenPlan plan) {
    return new WrapperPlan(
        plan.maxLength(),
        plan.embedding().positions(),
        plan.memory().tokens(),
        plan.memory().joined() ? plan.memory().length() : 0,
        plan.memory().shift(),
        plan.memory().isInterspersed()
            ? "'memory_tokens_interspersed_every' inserts tokens before the call's end, where they"
                + " depend on the positions of each sequence"
            : obstacle(plan.output().pooling()));
  }

  static WrapperPlan of(VectorPlan plan) {
    return new WrapperPlan(
        plan.maxLength(),
        plan.positions(),
        plan.memory().tokens(),
        0,
        0,
        obstacle(plan.output().pooling()));
  }

  private static @Nullable String obstacle(Pooling pooling) {
    return pooling.keepsPositions() ? null : "it pools the embeddings of all positions";
  }

  /**
   * Writes the maximum sequence length into the model's metadata, unless the graph is incremental.
   *
   * @param isLoss whether the last position is only a target, not an input
   * @throws InputException if a fixed length exceeds the table of position embeddings
   */
  void limit(ModelBuilder model, BuildContext context, boolean isLoss) {
    int most = maxLength + (isLoss ? 1 : 0);
    if (positions instanceof PositionEmbedding.Learned && !GraphInputs.givesEmbeddings(context)) {
      context.checkLength(most);
    }
    if (!context.incremental() && maxLength > 0) {
      model.property(MetadataKey.MAX_LENGTH, most);
    }
  }
}
