package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import org.jspecify.annotations.Nullable;

/**
 * A {@code ViTransformerWrapper}, as a library's options describe it.
 *
 * @param stack the layers
 * @param imageSize pixels of an image's side
 * @param patchSize pixels of a patch's side
 * @param channels of an image
 * @param normedPatches whether patches are normalized before and behind their projection
 * @param normedEmbeddings whether embeddings are normalized with their positions
 * @param head what classifies
 */
public record ImagePlan(
    StackPlan stack,
    int imageSize,
    int patchSize,
    int channels,
    boolean normedPatches,
    boolean normedEmbeddings,
    Head head) {
  /** What makes classes of the embeddings of patches. */
  public sealed interface Head {}

  /**
   * The mean of the embeddings, projected.
   *
   * @param classes null for the mean itself
   */
  public record Mean(@Nullable Integer classes) implements Head {}

  /**
   * The embedding of a position of its own before those of the patches, through a feedforward.
   *
   * @param layer null for the embeddings themselves
   */
  public record ClassToken(@Nullable FeedForward layer) implements Head {}

  /** Patches along a side. */
  int side() {
    return imageSize / patchSize;
  }

  /** The numbers of a patch. */
  long patchFeatures() {
    return (long) channels * patchSize * patchSize;
  }
}
