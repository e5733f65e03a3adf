package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.GaussianLoss;
import ai.transonnx.xtransformers.Release;
import java.util.EnumSet;
import java.util.Set;

/** The wrappers of layers. Immutable. */
public record WrapperProfile(Release release) {
  /** The factor of learned position embeddings of {@code dim} features, unless normalized. */
  public double positionScale(long dim) {
    return release.since("0.17.12") ? 1 / Math.sqrt((double) dim) : 1;
  }

  /** Whether a maximum length of 0 means no position embeddings. */
  public boolean omitsUnlimitedPositions() {
    return release.since("1.26.0");
  }

  /** Whether the layer that computes logits has a bias. */
  public boolean biasedLogits() {
    return !release.since("1.27.0");
  }

  /** Whether the projections of a {@code ContinuousTransformerWrapper} have biases. */
  public boolean biasedProjections() {
    return !release.since("1.27.0");
  }

  /** The optional inputs of a {@code TransformerWrapper}. */
  public WrapperInputs tokenInputs() {
    var names = EnumSet.noneOf(WrapperInputs.Name.class);
    if (release.since("0.26.3")) {
      names.add(WrapperInputs.Name.POS);
    }
    if (release.since("1.1.0")) {
      names.add(WrapperInputs.Name.PREPEND_EMBEDS);
    }
    if (release.since("1.7.3")) {
      names.add(WrapperInputs.Name.SUM_EMBEDS);
    }
    if (release.since("1.25.11")) {
      names.add(WrapperInputs.Name.PREPEND_MASK);
    }
    if (new MaskProfile(release).hasStart()) {
      names.add(WrapperInputs.Name.SEQ_START_POS);
    }
    return new WrapperInputs(names);
  }

  /** The optional inputs of an {@code XValTransformerWrapper}. */
  public WrapperInputs numberInputs() {
    return new WrapperInputs(Set.of(WrapperInputs.Name.POS, WrapperInputs.Name.PREPEND_EMBEDS));
  }

  /** The optional inputs of a {@code ContinuousTransformerWrapper}. */
  public WrapperInputs vectorInputs() {
    var names = EnumSet.noneOf(WrapperInputs.Name.class);
    if (release.since("0.26.3")) {
      names.add(WrapperInputs.Name.POS);
    }
    if (release.since("1.2.3")) {
      names.add(WrapperInputs.Name.PREPEND_EMBEDS);
    }
    if (release.since("1.25.12")) {
      names.add(WrapperInputs.Name.PREPEND_MASK);
    }
    if (release.since("2.3.5")) {
      names.add(WrapperInputs.Name.SUM_EMBEDS);
    }
    return new WrapperInputs(names);
  }

  /** Whether the library has an autoregressive wrapper of vectors. */
  public boolean hasVectorLoss() {
    return release.since("0.22.0");
  }

  /** Whether a {@code ViTransformerWrapper} has a class token. */
  public boolean hasClassToken() {
    return !release.since("0.28.0");
  }

  /** Whether patches of images are normalized before and after their projection. */
  public boolean normsPatches() {
    return release.since("1.8.0");
  }

  /** The number of position embeddings of images after those of the patches. */
  public int unusedPositions() {
    return release.since("1.16.0") ? 0 : 1;
  }

  /** Whether the weight of the class token has no axis of tokens. */
  public boolean hasFlatClassToken() {
    return !release.since("1.40.9");
  }

  /** Whether attention pooling has as many and as wide heads as the layers, or 8 of 64. */
  public boolean poolsLikeLayers() {
    return release.since("2.5.1");
  }

  /** Whether a {@code ContinuousTransformerWrapper} can compute the mean of its embeddings. */
  public boolean poolsVectors() {
    return !release.since("1.42.11");
  }

  /** Whether a {@code ContinuousTransformerWrapper} may have no maximum length. */
  public boolean omitsVectorLength() {
    return release.since("2.16.1");
  }

  /** The loss of vectors with a mean and a variance. */
  public GaussianLoss gaussianLoss() {
    return release.since("2.3.11") ? GaussianLoss.BY_VARIANCE : GaussianLoss.BY_DEVIATION;
  }

  /** Whether there is a {@code TransformerBlock}. */
  public boolean hasTransformerBlock() {
    return release.since("2.16.2");
  }

  /** Whether an {@code XTransformer} takes a mask of the target, not embeddings of the source. */
  public boolean hasTargetMask() {
    return !release.since("1.4.0");
  }
}
