package ai.transonnx.internal.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.xtransformers.Release;

/** Features with which some releases raise errors or compute something else by mistake. */
public enum FailingFeature {
  /** Whole vectors as inputs: calls return memories that the library's wrappers do not expect. */
  VECTORS("1.16.20", "1.16.20", "1.16.21"),

  /** Transformer-XL memories, unless calls pass a mask. */
  MEMORIES("1.25.6", "1.25.7", "1.25.8"),

  /** PyTorch's fused attention. */
  FLASH("1.12.2", "1.16.11", "inverts masks", "1.16.12"),

  /** Images. */
  IMAGES("1.27.0", "1.27.8", "1.27.9"),

  /** Rotary embeddings. */
  ROTARY("1.27.12", "1.27.13", "1.27.14"),

  /** Several residual streams. */
  STREAMS("2.17.0", "2.17.0", "2.17.1");

  private final String first;
  private final String last;
  private final String effect;
  private final String instead;

  FailingFeature(String first, String last, String instead) {
    this(first, last, "raises an error", instead);
  }

  FailingFeature(String first, String last, String effect, String instead) {
    this.first = first;
    this.last = last;
    this.effect = effect;
    this.instead = instead;
  }

  /**
   * Checks that a release can compute the feature.
   *
   * @param key the option that selects it, and its value
   * @throws ConfigException if the release fails with it
   */
  public void check(Release release, String key, Object value) {
    if (release.within(first, last)) {
      throw new ConfigException(
          "'%s' is %s; release %s of the library %s with it, which %s fixes"
              .formatted(key, value, release, effect, instead));
    }
  }
}
