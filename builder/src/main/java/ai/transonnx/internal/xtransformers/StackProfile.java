package ai.transonnx.internal.xtransformers;

import ai.transonnx.xtransformers.Release;

/** Layer stacks: their options' values, and what their calls accept. Immutable. */
public record StackProfile(Release release) {
  /** Whether the number of blocks may be left out if all layers are listed. */
  public boolean canOmitDepth() {
    return release.since("1.29.0");
  }

  /** Whether calls accept vectors that are added to the input of each layer. */
  public boolean acceptsInjectedVectors() {
    return release.since("1.44.4");
  }
}
