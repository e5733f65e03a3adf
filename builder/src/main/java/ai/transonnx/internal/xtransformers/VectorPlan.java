package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.GaussianLoss;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Norm;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ContinuousTransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param maxLength the maximum sequence length; 0 if it is unlimited
 * @param in the projection of inputs, or null
 * @param positions the absolute position embeddings, or null
 * @param embeddingNorm the norm of the sum of inputs and positions, or null
 * @param memory the memories
 * @param output the outputs
 * @param inputs the optional inputs
 */
public record VectorPlan(
    StackPlan stack,
    int maxLength,
    @Nullable Linear in,
    @Nullable PositionEmbedding positions,
    @Nullable Norm embeddingNorm,
    MemoryPlan memory,
    Output output,
    WrapperInputs inputs) {
  /**
   * The outputs. Immutable.
   *
   * @param norm the wrapper's norm of the layers' output, or null
   * @param pooling the combination of the embeddings of all positions
   * @param projection the projection of outputs, or null
   * @param gaussian the loss of outputs that are the mean and the variance of a distribution; null
   *     if they are vectors
   * @param hasLoss whether the library has an autoregressive wrapper for the class
   */
  public record Output(
      @Nullable PlacedNorm norm,
      Pooling pooling,
      @Nullable Linear projection,
      @Nullable GaussianLoss gaussian,
      boolean hasLoss) {}

  /** The number of features of the input. */
  long features() {
    return in == null ? stack.dim() : in.in();
  }
}
