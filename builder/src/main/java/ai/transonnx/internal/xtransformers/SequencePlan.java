package ai.transonnx.internal.xtransformers;

import ai.transonnx.architecture.BuildContext;
import ai.transonnx.format.MetadataKey;
import ai.transonnx.graph.ModelBuilder;
import org.jspecify.annotations.Nullable;

/**
 * What a wrapper makes of a sequence before its layers see it.
 *
 * @param maxLength the most positions of a call; 0 if any number will do
 * @param positions what is added for the position, or null
 * @param memoryTokens positions before all others that are weights
 * @param memoryLength positions that a memory keeps
 * @param memoryShift layers that a memory moves down
 */
record SequencePlan(
    int maxLength,
    @Nullable PositionEmbedding positions,
    int memoryTokens,
    int memoryLength,
    int memoryShift) {
  /** Layers without a wrapper. */
  static final SequencePlan BARE = new SequencePlan(0, null, 0, 0, 0);

  static SequencePlan of(TokenPlan plan) {
    return new SequencePlan(
        plan.maxLength(),
        plan.positions(),
        plan.memoryTokens(),
        plan.memoryLength(),
        plan.memoryShift());
  }

  static SequencePlan of(VectorPlan plan) {
    return new SequencePlan(plan.maxLength(), plan.positions(), 0, 0, 0);
  }

  /**
   * Says how many positions a call of whole sequences has at most.
   *
   * @param isLoss whether the last position is only predicted, and not seen
   * @throws InputException if a fixed length is of more, and the table of embeddings is not
   */
  void limit(ModelBuilder model, BuildContext context, boolean isLoss) {
    int most = maxLength + (isLoss ? 1 : 0);
    if (positions instanceof PositionEmbedding.Learned && !GraphInputs.givesEmbeddings(context)) {
      context.checkLength(most);
    }
    if (!context.incremental()) {
      model.property(MetadataKey.MAX_LENGTH, most);
    }
  }
}
