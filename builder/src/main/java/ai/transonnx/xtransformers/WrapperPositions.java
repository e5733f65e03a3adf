package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.PositionEmbedding;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/**
 * The absolute positions of a wrapper.
 *
 * @param maxLength the maximum sequence length; 0 for no limit
 * @param added whether the wrapper adds position embeddings, unless the layers encode positions
 * @param sinusoidal whether they are sinusoidal, not learned
 */
record WrapperPositions(
    int maxLength, boolean added, boolean sinusoidal, AttentionLayersConfig layers) {
  /**
   * The embedding of positions, or null.
   *
   * @param normed whether learned embeddings are l2-normalized
   * @throws ConfigException if the release needs a maximum length
   */
  @Nullable PositionEmbedding embedding(int features, boolean normed, Profile profile) {
    boolean isUnlimited = maxLength == 0;
    if (!added
        || layers.encodesPositions(profile)
        || (isUnlimited && profile.wrappers().omitsUnlimitedPositions())) {
      return null;
    }
    if (sinusoidal) {
      checkSines(features, normed);
      return new PositionEmbedding.Sines(features);
    }
    if (isUnlimited) {
      throw ConfigException.notAllowed("max_seq_len", 0, "from 1 to " + (1 << 24));
    }
    double scale = profile.wrappers().positionScale(features);
    return new PositionEmbedding.Learned(maxLength, features, normed, scale);
  }

  private static void checkSines(int features, boolean normed) {
    if (normed) {
      throw new ConfigException(
          "'l2norm_embed' is true; it must be false with 'scaled_sinu_pos_emb'");
    }
    if (features % 2 != 0) {
      throw new ConfigException(
          "the embedding dimension is %s; with 'scaled_sinu_pos_emb' it must be even"
              .formatted(features));
    }
  }
}
