package ai.transonnx.xtransformers;

import ai.transonnx.attention.ExponentialValues;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.attention.SquaredDistance;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.Profile;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The setting of the library's {@code Attention}: its options and what the layers around it
 * determine.
 *
 * @param traits the traits of attention that depend on the layers
 */
record AttentionSetting(
    long dim, int heads, Set<Trait> traits, AttentionOptions options, Profile profile) {
  /** A trait of attention that depends on the layers around it. */
  enum Trait {
    /** Positions attend to no later positions. */
    CAUSAL,
    /** Queries and keys are normalized. */
    NORMED,
    /** Scores are added to those of the next layer. */
    ADDS_SCORES,
    /** Queries compete for keys. */
    INVERTED
  }

  AttentionSetting {
    traits = Set.copyOf(traits);
  }

  boolean causal() {
    return traits.contains(Trait.CAUSAL);
  }

  boolean normed() {
    return traits.contains(Trait.NORMED);
  }

  boolean addsScores() {
    return traits.contains(Trait.ADDS_SCORES);
  }

  boolean inverted() {
    return traits.contains(Trait.INVERTED);
  }

  /** The number of heads of keys. */
  int keyHeads() {
    return options.former().collabHeads() ? 1 : options.keyHeads(heads);
  }

  /** The number of heads of values. */
  int valueHeads() {
    return options.keyHeads(heads);
  }

  /** The number of features from which keys and values are computed. */
  long keyDim() {
    var given = options.keyValues().dimContext();
    return given == null ? dim : given;
  }

  /** The factor of the similarities of normalized queries and keys. */
  SimilarityScale similarityScale() {
    return profile
        .attention()
        .similarityScale(
            heads,
            options.dimHead(),
            options.qkNormScale(),
            options.qkNormDimScale(),
            options.keyValues().flash());
  }

  /** The distances that scores are computed from; null if they are products. */
  @Nullable SquaredDistance squaredDistance() {
    return options.scores().l2Distance() ? new SquaredDistance(scoreScale()) : null;
  }

  /** The factor of scores. */
  double scoreScale() {
    if (!normed()) {
      return 1 / Math.sqrt(options.dimHead());
    }
    return similarityScale() instanceof SimilarityScale.Fixed fixed ? fixed.factor() : 1;
  }

  /** The exponentials of values that queries attend to, or null. */
  @Nullable ExponentialValues exponential() {
    var values = options.values();
    if (!values.laser()) {
      return null;
    }
    if (!profile.attention().limitsLaserValues()) {
      throw new ConfigException(
          "'attn_laser' is true; releases before 1.42.23 subtract the greatest value of all keys,"
              + " which is not supported");
    }
    return new ExponentialValues(values.laserSoftclampValue());
  }

  /** A projection of the queries' input. */
  HeadProjection projection(String name, int projectedHeads, long headDim) {
    return new HeadProjection(name, dim, projectedHeads, headDim, 1);
  }

  /** The number of features of all heads' outputs. */
  long features() {
    return (long) heads * options.valueFeatures();
  }

  /** The exception of an option with which the release raises an error. */
  ConfigException raises(String option, Object value) {
    return new ConfigException(
        "'attn_%s' is %s; release %s of the library raises an error with it"
            .formatted(option, value, profile.release()));
  }
}
