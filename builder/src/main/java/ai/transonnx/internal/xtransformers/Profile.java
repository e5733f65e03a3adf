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

  /** Norms and their positions. */
  public NormProfile norms() {
    return new NormProfile(release);
  }

  /** The parts of attention. */
  public AttentionProfile attention() {
    return new AttentionProfile(release);
  }

  /** Positions in attention. */
  public PositionProfile positions() {
    return new PositionProfile(release);
  }

  /** Values that are mixed with those of the first layer. */
  public ValueResidualProfile valueResiduals() {
    return new ValueResidualProfile(release);
  }

  /** Position biases that are computed from the input. */
  public InputBiasProfile inputBiases() {
    return new InputBiasProfile(release);
  }

  /** Masks and memories. */
  public MaskProfile masks() {
    return new MaskProfile(release);
  }

  /** Layer stacks. */
  public StackProfile stack() {
    return new StackProfile(release);
  }

  /** The wrappers of layers. */
  public WrapperProfile wrappers() {
    return new WrapperProfile(release);
  }
}
