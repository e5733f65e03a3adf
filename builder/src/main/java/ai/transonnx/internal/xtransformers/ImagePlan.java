package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ViTransformerWrapper}, independent of the library's release. Immutable.
 *
 * @param stack the layers
 * @param imageSize the image width and height in pixels
 * @param patchSize the patch width and height in pixels
 * @param channels the number of image channels
 * @param normedPatches whether patches are normalized before and after their projection
 * @param normedEmbeddings whether the sum of embeddings and positions is normalized
 * @param head the classifier head
 */
public record ImagePlan(
    StackPlan stack,
    int imageSize,
    int patchSize,
    int channels,
    boolean normedPatches,
    boolean normedEmbeddings,
    Head head) {
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
    return imageSize / patchSize;
  }

  /** The number of values in a patch. */
  long patchFeatures() {
    return (long) channels * patchSize * patchSize;
  }
}
