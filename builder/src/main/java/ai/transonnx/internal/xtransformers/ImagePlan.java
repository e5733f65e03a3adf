package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import ai.transonnx.layer.Norm;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ViTransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param imageSize the image width and height in pixels
 * @param channels the number of image channels
 * @param patches the embedding of patches
 * @param registerTokens the number of learned tokens after the patches
 * @param embeddingNorm the norm of the sum of embeddings and positions, or null
 * @param norm the wrapper's norm of the layers' output, or null
 * @param head the classifier head
 */
public record ImagePlan(
    StackPlan stack,
    int imageSize,
    int channels,
    Patches patches,
    int registerTokens,
    @Nullable Norm embeddingNorm,
    @Nullable PlacedNorm norm,
    Head head) {
  /**
   * The embedding of patches. Immutable.
   *
   * @param size the patch width and height in pixels
   * @param before the norm before the projection; null if there are no norms
   * @param after the norm after the projection; null if there are no norms
   * @param unusedPositions the number of position embeddings after those of the patches
   */
  public record Patches(
      int size, @Nullable Norm before, @Nullable Norm after, int unusedPositions) {}

  /** A classifier head. Immutable. */
  public sealed interface Head {}

  /**
   * Projects the mean of the patches' embeddings. Immutable.
   *
   * @param classes the number of classes; null outputs the mean
   */
  public record Mean(@Nullable Integer classes) implements Head {}

  /**
   * Applies a feedforward layer to the embedding of a class token, which precedes the patches.
   * Immutable.
   *
   * @param layer the feedforward layer; null outputs the embeddings
   */
  public record ClassToken(@Nullable FeedForward layer) implements Head {}

  /** The number of patches per row and per column. */
  int side() {
    return imageSize / patches.size;
  }

  /** The number of values in a patch. */
  long patchFeatures() {
    return (long) channels * patches.size * patches.size;
  }
}
