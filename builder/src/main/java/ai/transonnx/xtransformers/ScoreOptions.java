package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.AttentionProfile;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The options of attention scores and weights. Immutable. */
public record ScoreOptions(
    @Option(
            value = "limit scores smoothly, by a hyperbolic tangent",
            defaultValue = "false",
            since = "1.31.5")
        boolean softclampLogits,
    @Option(
            value =
                "soft limit of scores (default: 50; 30 before 1.31.14); before 1.31.5 it also"
                    + " switches the limit on",
            defaultValue = "null",
            since = "1.30.3")
        @Nullable Double logitSoftclampValue,
    @Option(
            value = "scores are negative squared distances of queries and keys",
            defaultValue = "false",
            since = "1.37.6")
        boolean l2Distance,
    @Option(
            value = "attention weights are sigmoids of scores",
            defaultValue = "false",
            since = "1.37.9")
        boolean sigmoid,
    @Option(
            value =
                "add the logarithms of their sigmoids to scores before the softmax (sigsoftmax)",
            defaultValue = "false",
            since = "1.37.3",
            until = "1.39.4")
        boolean sigsoftmax,
    @Option(
            value = "attend to the key with the greatest score only",
            defaultValue = "false",
            since = "1.39.4")
        boolean hard,
    @Option(
            value = "subtract earlier queries' scores of a key (selective attention)",
            defaultValue = "false",
            since = "1.38.0")
        boolean selective,
    @Option(
            value = "weights of absolute scores with the signs of the scores (Cog Attention)",
            defaultValue = "false",
            since = "2.10.1")
        boolean cogSigned,
    @Option(
            value = "a learned score per head in front of all keys, without a value",
            defaultValue = "false",
            since = "2.6.6")
        boolean headLearnedSink,
    @Option(
            value = "add a mixture of all heads' scores to each head's",
            defaultValue = "false",
            since = "1.39.0")
        boolean preTalkingHeads,
    @Option(value = "mix attention weights across heads", defaultValue = "false", since = "1.39.0")
        boolean postTalkingHeads,
    @Option(
            value = "multiply attention weights by a mixture of all heads' scores",
            defaultValue = "false",
            since = "1.39.1")
        boolean preScalePostTalkingHeads,
    @Option(
            value = "gradients of sparse_topk",
            defaultValue = "false",
            trainingOnly = true,
            since = "1.40.0")
        boolean sparseTopkStraightThrough) {
  public ScoreOptions {
    if (logitSoftclampValue != null) {
      Ranges.checkFinite("logit_softclamp_value", logitSoftclampValue);
      if (logitSoftclampValue <= 0) {
        throw ConfigException.notAllowed(
            "logit_softclamp_value", logitSoftclampValue, "greater than 0");
      }
    }
    if ((sigmoid ? 1 : 0) + (hard ? 1 : 0) + (l2Distance ? 1 : 0) > 1) {
      throw new ConfigException("at most one of 'sigmoid', 'hard' and 'l2_distance' can be true");
    }
  }

  /** Checks options that depend on other options of attention. */
  void check(@Nullable Integer sparseTopk) {
    if (sparseTopk != null && (sigmoid || hard || l2Distance)) {
      throw new ConfigException(
          "'sparse_topk' is %s; it must be null with '%s'"
              .formatted(sparseTopk, sigmoid ? "sigmoid" : hard ? "hard" : "l2_distance"));
    }
  }

  /** Checks that selective attention is causal. */
  void checkSelective(String prefix, boolean causal) {
    if (selective && !causal) {
      throw ConfigException.notAllowed(
          prefix + "selective", true, "false where attention is not causal");
    }
  }

  /** The soft limit of scores at a release, or null. */
  @Nullable Double limit(AttentionProfile profile) {
    if (!profile.flagsSoftLimits()) {
      return logitSoftclampValue;
    }
    if (!softclampLogits) {
      return null;
    }
    return logitSoftclampValue == null ? (Double) profile.softLimit() : logitSoftclampValue;
  }

  /** The options that the library refuses to combine with PyTorch's fused attention. */
  Map<String, Boolean> refusedWithFlash() {
    var refused = new LinkedHashMap<String, Boolean>();
    refused.put("softclamp_logits", softclampLogits);
    refused.put("sigmoid", sigmoid);
    refused.put("sigsoftmax", sigsoftmax);
    refused.put("hard", hard);
    refused.put("selective", selective);
    refused.put("cog_signed", cogSigned);
    refused.put("head_learned_sink", headLearnedSink);
    refused.put("pre_talking_heads", preTalkingHeads);
    refused.put("post_talking_heads", postTalkingHeads);
    refused.put("pre_scale_post_talking_heads", preScalePostTalkingHeads);
    return refused;
  }
}
