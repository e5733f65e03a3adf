package ai.transonnx.internal.xtransformers;

import ai.transonnx.xtransformers.Release;

/** Layer stacks: their options' values, and what their calls accept. Immutable. */
public record StackProfile(Release release) {
  /** Whether the number of blocks may be left out if all layers are listed. */
  public boolean canOmitDepth() {
    return release.since("1.29.0");
  }

  /**
   * How factors of hyper-connections are computed.
   *
   * @param tanh whether by a hyperbolic tangent, in releases where this is an option
   */
  public HyperConnection.Form hyperConnections(boolean tanh) {
    if (release.since("2.14.0")) {
      return HyperConnection.Form.SIGMOID;
    }
    return tanh ? HyperConnection.Form.TANH : HyperConnection.Form.LINEAR;
  }

  /** Whether the final norm applies to each residual stream, not to their sum. */
  public boolean normsStreams() {
    return !release.since("1.43.4");
  }

  /** Whether weights of earlier hiddens are computed from normalized features. */
  public boolean normsHiddens() {
    return release.since("2.1.2");
  }

  /** Whether the means of split residuals leave out padding. */
  public boolean masksMeans() {
    return release.since("2.19.3");
  }

  /** Whether calls accept vectors that are added to the input of each layer. */
  public boolean acceptsInjectedVectors() {
    return release.since("1.44.4");
  }
}
