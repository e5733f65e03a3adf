package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.BufferedBiasNorm;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.RmsNorm;
import ai.transonnx.layer.ScaleNorm;
import ai.transonnx.layer.UnitRms;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Norms and their positions. Immutable. */
public record NormProfile(Release release) {
  /** Layer norm, which lost its bias. */
  public Norm layerNorm(long dim) {
    return layerNorm(dim, 0);
  }

  /** Layer norm whose weight is the stored one plus an offset. */
  public Norm layerNorm(long dim, double offset) {
    if (release.within("1.27.0", "1.30.23")) {
      return new BufferedBiasNorm(dim, release.since("1.27.1"));
    }
    return release.since("1.31.0")
        ? new LayerNorm(dim, "gamma", offset, false)
        : new LayerNorm(dim);
  }

  /** RMSNorm whose weight is the stored one plus an offset. */
  public Norm rmsNorm(long dim, double offset) {
    return release.sinceButForRounding("1.17.0")
        ? new UnitRms.PerFeature(dim, offset)
        : new RmsNorm(dim);
  }

  /** ScaleNorm whose weight is the stored one plus an offset. */
  public Norm scaleNorm(long dim, double offset) {
    if (release.since("1.27.20")) {
      return new UnitRms.Single(dim, offset);
    }
    return release.since("0.33.1") ? new ScaleNorm(1) : ScaleNorm.ofRootMeanSquare(dim);
  }

  /** Whether the weights of norms are stored minus 1, unless the option says otherwise. */
  public boolean unitOffset() {
    return release.since("1.31.3");
  }

  /**
   * Whether options that select several classes of norms are refused; before, one has precedence.
   */
  public boolean refusesSeveralClasses() {
    return release.since("1.17.0");
  }

  /** The number that is added to the stored scale of a dynamic tanh with the unit offset. */
  public double offsetOfTanhScale(double initial) {
    return release.since("2.1.36") ? initial : 1;
  }

  /** Whether a limit of the last layer's output needs no flag beside it. */
  public boolean clampsOutputByValue() {
    return !release.since("1.31.6");
  }

  /** The limit of the last layer's output unless it is set. */
  public double outputLimit() {
    return release.since("1.31.10") ? 30 : 50;
  }

  /** Whether factors of layers' outputs are stored minus 1 where weights of norms are. */
  public boolean offsetsLayerScale() {
    return release.since("1.31.8");
  }

  /** Whether the last layer of a post-norm stack has its norm. */
  public boolean normsLastSum() {
    return release.since("1.15.1");
  }

  /** Whether ResiDual normalizes its second stream at the end, not after each layer. */
  public boolean normsOuterResidualOnce() {
    return release.since("1.15.2");
  }

  /** Whether layers add to ResiDual's second stream by their own residual connections. */
  public boolean connectsOuterResidual() {
    return !release.since("1.16.4");
  }

  /** The final norm of a stack; null if the wrapper has it. */
  public @Nullable List<String> finalNorm() {
    return release.since("1.15.1") ? List.of("final_norm") : null;
  }

  /** The norm of a wrapper around the layers; null if the layers have it. */
  public @Nullable PlacedNorm wrapperNorm(long dim) {
    return release.since("1.15.1") ? null : new PlacedNorm(List.of("norm"), layerNorm(dim));
  }

  /** Whether a pre-norm stack can do without its final norm. */
  public boolean canOmitFinalNorm() {
    return release.since("2.5.6");
  }

  /** Whether ReZero covers feedforward layers as well as attention. */
  public boolean rezeroesFeedForward() {
    return release.since("0.20.8");
  }
}
