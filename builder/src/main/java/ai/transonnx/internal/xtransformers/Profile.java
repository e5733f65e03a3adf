package ai.transonnx.internal.xtransformers;

import ai.transonnx.xtransformers.Release;

/**
 * Everything that depends on the release of the library: names of weights, and the parts that
 * options select. Configurations are planned with a profile; graphs are built from plans and know
 * no release. Immutable.
 *
 * <p>A boundary between releases is one method of one of the parts of a profile.
 */
public record Profile(Release release) {
  /** The profile of a release. */
  public static Profile of(Release release) {
    return new Profile(release);
  }

  /** The names of modules and the layout of weights. */
  public KeyProfile keys() {
    return new KeyProfile(release);
  }
}
