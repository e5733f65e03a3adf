package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.ValueMix;
import ai.transonnx.xtransformers.Release;

/** Values that are mixed with those of the first layer. Immutable. */
public record ValueResidualProfile(Release release) {
  /** Whether cross-attention mixes values. */
  public boolean mixesCross() {
    return release.since("1.40.8");
  }

  /** The mixing with constant weights. */
  public ValueMix constant() {
    double weight = release.since("1.42.3") ? 0.5 : 1;
    return new ValueMix.Constant(weight, weight, stage());
  }

  /** The values that are mixed. */
  public ValueMix.Stage stage() {
    return release.since("1.42.4") ? ValueMix.Stage.PROJECTED : ValueMix.Stage.ATTENDED;
  }

  /** The mixing with weights that are computed from the input. */
  public ValueMix.Learned learned(long dim, int heads) {
    return new ValueMix.Learned(dim, release.since("1.42.16") ? heads : 1);
  }

  /** Whether cross-attention computes the weights from the input, which is not the context. */
  public boolean learnsCross() {
    return !release.since("1.42.24");
  }

  /** Whether weights are computed from the input unless that is disabled. */
  public boolean learnsByDefault() {
    return release.since("1.42.28");
  }
}
