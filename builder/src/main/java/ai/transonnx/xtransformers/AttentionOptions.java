package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code Attention}; {@code AttentionLayers} prefixes them with {@code
 * attn_}. Immutable.
 */
public record AttentionOptions(
    @Option(value = "dimension of each head", defaultValue = "64") int dimHead,
    @Option(
            value = "mix scores and weights across heads (talking-heads attention)",
            defaultValue = "false",
            until = "1.38.3")
        boolean talkingHeads,
    @Option(value = "learned per-head scale", defaultValue = "false", since = "0.20.2")
        boolean headScale,
    @Option(
            value = "number of highest-scoring keys that each query attends to",
            defaultValue = "null")
        @Nullable Integer sparseTopk,
    @Option(value = "number of learned memory keys and values", defaultValue = "0") int numMemKv,
    @Option(value = "dropout of the attention weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(
            value = "attention on attention: gate the output by half of its features",
            defaultValue = "false")
        boolean onAttn,
    @Option(value = "gate the aggregated values by the query's input", defaultValue = "false")
        boolean gateValues,
    @Option(
            value = "initialize the output projection to zero",
            defaultValue = "false",
            trainingOnly = true,
            since = "0.17.2")
        boolean zeroInitOutput,
    @Option(
            value = "number of preceding positions that a query attends to",
            defaultValue = "null",
            since = "0.20.5")
        @Nullable Integer maxAttendPast,
    @Option(
            value = "l2-normalize queries and keys (cosine similarity)",
            defaultValue = "false",
            since = "0.21.0")
        boolean qkNorm,
    @Option(
            value = "number of groups of a head's features that are normalized separately",
            defaultValue = "1",
            since = "0.31.0")
        int qkNormGroups,
    @Option(value = "scale of the cosine similarities", defaultValue = "null", since = "0.31.2")
        @Nullable Double qkNormScale,
    @Option(
            value = "learned per-feature scale of normalized queries and keys",
            defaultValue = "false",
            since = "1.9.0")
        boolean qkNormDimScale,
    @Option(
            value = "share one key and value head (multi-query attention)",
            defaultValue = "false",
            since = "0.26.0")
        boolean oneKvHead,
    @Option(
            value = "use the keys as values",
            defaultValue = "false",
            since = "0.28.4",
            until = "1.44.7")
        boolean sharedKv,
    @Option(
            value = "dimension of each head's values (default: dim_head)",
            defaultValue = "null",
            since = "0.26.1")
        @Nullable Integer valueDimHead,
    @Option(
            value = "multiply each head's output by a projection of the query's input",
            defaultValue = "false",
            since = "1.0.0",
            until = "1.44.7")
        boolean tensorProduct,
    @OptionGroup FormerAttentionOptions former,
    @OptionGroup KeyValueOptions keyValues,
    @OptionGroup ScoreOptions scores,
    @OptionGroup ValueOptions values,
    @OptionGroup GateOptions gates,
    @OptionGroup OutputOptions output,
    @OptionGroup LatentOptions latent,
    @OptionGroup InputBiasOptions inputBiases) {
  private static final int MAX = 1 << 16;

  public AttentionOptions {
    Ranges.checkInteger("dim_head", dimHead, 1, MAX);
    Ranges.checkInteger("num_mem_kv", numMemKv, 0, MAX);
    Ranges.checkInteger("qk_norm_groups", qkNormGroups, 1, MAX);
    if (qkNormScale != null) {
      Ranges.checkFinite("qk_norm_scale", qkNormScale);
    }
    Ranges.checkProbability("dropout", dropout);
    if (sparseTopk != null) {
      Ranges.checkInteger("sparse_topk", sparseTopk, 1, Integer.MAX_VALUE);
    }
    if (maxAttendPast != null) {
      Ranges.checkInteger("max_attend_past", maxAttendPast, 0, Integer.MAX_VALUE);
    }
    if (valueDimHead != null) {
      Ranges.checkInteger("value_dim_head", valueDimHead, 1, MAX);
    }
    checkValues(dimHead, valueDimHead, sharedKv, numMemKv);
    keyValues.check(oneKvHead);
    scores.check(sparseTopk);
    if (qkNorm) {
      checkGroups(dimHead, qkNormGroups);
    }
  }

  private static void checkValues(
      int dimHead, @Nullable Integer valueDimHead, boolean sharedKv, int numMemKv) {
    boolean different = valueDimHead != null && valueDimHead != dimHead;
    if (different && sharedKv) {
      throw new ConfigException(
          "'value_dim_head' is %s and 'dim_head' is %s; with 'shared_kv' they must be equal"
              .formatted(valueDimHead, dimHead));
    }
    if (different && numMemKv > 0) {
      throw new ConfigException(
          "'value_dim_head' is %s and 'dim_head' is %s; with 'num_mem_kv' they must be equal, since memory keys and values have one size"
              .formatted(valueDimHead, dimHead));
    }
  }

  private static void checkGroups(int dimHead, int groups) {
    if (dimHead % groups != 0) {
      throw new ConfigException(
          "'qk_norm_groups' is %s; 'dim_head', which is %s, must be divisible by it"
              .formatted(groups, dimHead));
    }
    if (dimHead / groups <= 2) {
      throw new ConfigException(
          "'qk_norm_groups' is %s and 'dim_head' is %s; a group must have more than 2 features"
              .formatted(groups, dimHead));
    }
  }

  /**
   * Checks options that depend on the number of heads.
   *
   * @throws ConfigException if a value is not allowed
   */
  void check(int heads) {
    former.check(heads, dimHead, numMemKv);
    keyValues.check(heads, tensorProduct);
    latent.check(heads, keyHeads(heads));
  }

  /** The number of heads of keys and values. */
  int keyHeads(int heads) {
    var shared = keyValues.kvHeads();
    return oneKvHead ? 1 : shared == null ? heads : shared;
  }

  /** The dimension of each head's queries and keys. */
  long keyFeatures(int heads) {
    return former.collabHeads() ? former.sharedFeatures((long) dimHead * heads) : dimHead;
  }

  /** The dimension of each head's values. */
  int valueFeatures() {
    return valueDimHead == null ? dimHead : valueDimHead;
  }
}
