package ai.transonnx.internal.xtransformers;

import ai.transonnx.attention.CarriedScores;
import ai.transonnx.attention.CosineSimilarity.FeatureScales;
import ai.transonnx.attention.HeadMixing;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.attention.TalkingHeads;
import ai.transonnx.xtransformers.Release;
import org.jspecify.annotations.Nullable;

/** The parts of attention. Immutable. */
public record AttentionProfile(Release release) {
  /** Whether the output projection has a bias. */
  public boolean biasedOutput() {
    return !release.since("0.26.0");
  }

  /** Whether the gates of values have biases. */
  public boolean biasedGates() {
    return !release.since("2.26.0");
  }

  /** Whether the features between the two layers of a gate may pass an activation function. */
  public boolean activatesGateRanks() {
    return release.since("2.26.3");
  }

  /** Whether attention with one head has no output projection. */
  public boolean omitsOutputOfOneHead() {
    return release.since("2.17.0");
  }

  /**
   * Whether learned memory keys have the heads of keys, if these are fewer than those of queries.
   */
  public boolean memoryHasKeyHeads() {
    return release.since("1.27.8");
  }

  /** The mixing of heads before or after the softmax, {@code pre} or {@code post}. */
  public ScoreTransform talkingHeads(String when, int heads) {
    var name = new KeyProfile(release).talkingHeads(when);
    return release.since("0.23.0") ? new TalkingHeads(name, heads) : new HeadMixing(name, heads);
  }

  /**
   * The factor of cosine similarities.
   *
   * @param given the option; null for the default
   * @param scaledFeatures whether features have learned factors
   * @param flash whether PyTorch's fused attention computes them, which early releases pass the
   *     inverse factor
   */
  public SimilarityScale similarityScale(
      int heads, int headDim, @Nullable Double given, boolean scaledFeatures, boolean flash) {
    if (!release.since("0.30.0")) {
      return new SimilarityScale.Temperature(heads);
    }
    if (!release.since("0.31.0")) {
      return new SimilarityScale.Sigmoid(heads, 20);
    }
    if (scaledFeatures && release.since("2.25.5")) {
      return new SimilarityScale.Fixed(1 / Math.sqrt(headDim));
    }
    if (scaledFeatures && release.within("1.9.0", "1.9.1")) {
      return new SimilarityScale.Fixed(1);
    }
    double usual = release.since("1.0.4") ? 10 : 1;
    double factor = given == null ? usual : given;
    boolean inverse = flash && !release.since("1.22.23");
    return new SimilarityScale.Fixed(inverse ? 1 / (headDim * factor) : factor);
  }

  /** Whether cosine similarities are multiplied by their factor three times, by mistake. */
  public boolean cubesSimilarityScale() {
    return release.within("2.17.1", "2.25.4");
  }

  /** The shape of learned factors of normalized queries and keys. */
  public FeatureScales featureScales() {
    return release.since("1.19.1") ? FeatureScales.PER_HEAD : FeatureScales.SHARED;
  }

  /** Whether learned memory keys are normalized in groups, as other keys are. */
  public boolean normsMemoryInGroups() {
    return release.since("2.25.5");
  }

  /** Whether {@code laser} limits values; before it subtracts the greatest of all keys. */
  public boolean limitsLaserValues() {
    return release.since("1.42.23");
  }

  /** Whether soft limits of scores are switched on by a flag, not by a value alone. */
  public boolean flagsSoftLimits() {
    return release.since("1.31.5");
  }

  /** The soft limit of scores by default. */
  public double softLimit() {
    return release.since("1.31.14") ? 50 : 30;
  }

  /** Whether scores are limited after masks are applied. */
  public boolean limitsMaskedScores() {
    return !release.since("1.31.5");
  }

  /** The effect of {@code sparse_topk}. */
  public TopKRule sparseTopk() {
    if (release.within("1.12.0", "1.16.18")) {
      return TopKRule.RAISES;
    }
    if (release.within("1.16.19", "1.37.9")) {
      return TopKRule.KEEPS_LEAST;
    }
    return release.since("1.40.0") ? TopKRule.NORMALIZES_GREATEST : TopKRule.KEEPS_GREATEST;
  }

  /** The effect of {@code sparse_topk}. */
  public enum TopKRule {
    /** Masks all scores but the greatest. */
    KEEPS_GREATEST,
    /** Applies the softmax to the greatest scores only; the next layer adds all of them. */
    NORMALIZES_GREATEST,
    /** Keeps the keys below the least of the greatest, by mistake. */
    KEEPS_LEAST,
    RAISES
  }

  /** The scores that residual attention adds to those of the next layer. */
  public CarriedScores carriedScores() {
    if (!release.since("1.10.0")) {
      return CarriedScores.PLAIN;
    }
    return release.within("1.12.0", "1.18.1") ? CarriedScores.BIASED : CarriedScores.MASKED;
  }

  /** Whether {@code max_attend_past} hides the keys that it should keep, and keeps the others. */
  public boolean hidesNearKeys() {
    return release.isPort();
  }
}
