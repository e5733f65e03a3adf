package ai.transonnx.internal.xtransformers;

import org.jspecify.annotations.Nullable;

/**
 * The outputs of a {@code TransformerWrapper}. Immutable.
 *
 * @param norm the wrapper's norm of the layers' output, or null
 * @param logits the layer that computes logits; null if the token embeddings do
 */
public record OutputPlan(@Nullable PlacedNorm norm, @Nullable Logits logits) {
  /**
   * A linear layer to logits.
   *
   * @param count the number of logits
   * @param biased whether the layer has a bias
   */
  public record Logits(int count, boolean biased) {}
}
