package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.PositionBias;
import ai.transonnx.attention.RotaryEmbedding.RotatedValues;
import ai.transonnx.attention.Rotation;
import ai.transonnx.attention.UnalignedBias;
import ai.transonnx.attention.UnbiasedMemory;
import ai.transonnx.layer.Activation;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.xtransformers.Release;
import java.util.ArrayList;
import java.util.List;

/** Positions in attention. Immutable. */
public record PositionProfile(Release release) {
  /** The least number of features that rotary embeddings rotate. */
  public int leastRotated() {
    return release.since("1.42.18") ? 0 : 32;
  }

  /** The features that rotary embeddings rotate together. */
  public Rotation.Layout rotationLayout() {
    return release.since("1.30.1") ? Rotation.Layout.PAIRS : Rotation.Layout.HALVES;
  }

  /** Whether rotary embeddings rotate values, given the option to do so. */
  public RotatedValues rotatedValues(boolean optional) {
    return !release.since("1.20.0") || optional
        ? RotatedValues.ROTATED_LIKE_KEYS
        : RotatedValues.UNCHANGED;
  }

  /** Whether explicit positions of a call apply to attention as well. */
  public boolean passesPositionsOn() {
    return release.since("2.11.11");
  }

  /** Whether polar embeddings replace absolute positions. */
  public boolean polarReplacesAbsolute() {
    return release.since("2.12.1");
  }

  /** Whether each head has a bias of polar angles. */
  public boolean polarBiasByHead() {
    return release.since("2.12.2");
  }

  /** Whether xpos raises errors. */
  public boolean hasXpos() {
    return !release.within("1.25.4", "1.27.5") && !release.within("1.42.21", "1.43.1");
  }

  /**
   * A bias as memories affect it.
   *
   * @param memoryKeys number of learned memory keys
   * @param zeroKeys number of keys of zeros before them
   */
  public PositionBias withMemories(PositionBias bias, int memoryKeys, int zeroKeys) {
    var aligned = release.since("1.0.2") ? bias : new UnalignedBias(bias);
    int unbiased = zeroKeys + (release.since("1.28.1") ? memoryKeys : 0);
    return unbiased > 0 ? new UnbiasedMemory(aligned, unbiased) : aligned;
  }

  /** Whether dynamic position bias can be combined with learned memory keys. */
  public boolean dynamicBiasAllowsMemory() {
    return release.since("1.28.1");
  }

  /** The activation function of dynamic position bias. */
  public Activation dynamicActivation() {
    return release.since("1.6.4") ? Activation.SILU : Activation.RELU;
  }

  /** The norms of dynamic position bias, of which only the first lost its bias. */
  public List<Norm> dynamicNorms(long dim, int layers) {
    var norms = new ArrayList<Norm>();
    for (int layer = 0; layer < layers; layer++) {
      norms.add(layer == 0 ? new NormProfile(release).layerNorm(dim) : new LayerNorm(dim));
    }
    return norms;
  }

  /** Whether learned slopes of ALiBi have a batch dimension. */
  public boolean slopesBySequence() {
    return !release.since("0.28.1");
  }

  /** Whether ALiBi can be combined with attention that is not causal. */
  public boolean alibiLooksAhead() {
    return release.since("0.28.1");
  }
}
