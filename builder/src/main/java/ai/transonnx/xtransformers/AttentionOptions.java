package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code Attention}; among those of its layers they begin {@code attn_}.
 */
public record AttentionOptions(
    @Option(value = "features of a head", defaultValue = "64") int dimHead,
    @Option(value = "mix the heads' scores, and their weights", defaultValue = "false")
        boolean talkingHeads,
    @Option(value = "a learned factor a head", defaultValue = "false") boolean headScale,
    @Option(value = "how many keys a query sees, the most similar", defaultValue = "null")
        @Nullable Integer sparseTopk,
    @Option(value = "keys and values that are weights", defaultValue = "0") int numMemKv,
    @Option(value = "dropout of the weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "gate the output by half of its features", defaultValue = "false")
        boolean onAttn,
    @Option(value = "gate the gathered values by the query", defaultValue = "false")
        boolean gateValues,
    @Option(
            value = "the output projection starts at zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitOutput,
    @Option(value = "positions that a query sees before its own", defaultValue = "null")
        @Nullable Integer maxAttendPast,
    @Option(value = "queries and keys of length 1: scores are cosines", defaultValue = "false")
        boolean qkNorm,
    @Option(
            value = "groups of a head's features that are normalized on their own",
            defaultValue = "1")
        int qkNormGroups,
    @Option(value = "the factor of normalized scores", defaultValue = "10") double qkNormScale,
    @Option(value = "a learned factor a normalized feature", defaultValue = "false")
        boolean qkNormDimScale,
    @Option(value = "all heads have the same keys and values", defaultValue = "false")
        boolean oneKvHead,
    @Option(value = "the keys are the values", defaultValue = "false") boolean sharedKv,
    @Option(value = "features of a head's values (default: dim_head)", defaultValue = "null")
        @Nullable Integer valueDimHead,
    @Option(value = "multiply the outcome by a projection of the query", defaultValue = "false")
        boolean tensorProduct) {
  private static final int MAX = 1 << 16;

  public AttentionOptions {
    Ranges.checkInteger("dim_head", dimHead, 1, MAX);
    Ranges.checkInteger("num_mem_kv", numMemKv, 0, MAX);
    Ranges.checkInteger("qk_norm_groups", qkNormGroups, 1, MAX);
    Ranges.checkFinite("qk_norm_scale", qkNormScale);
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
    checkValues(dimHead, valueDimHead, sharedKv, numMemKv, oneKvHead);
    if (qkNorm) {
      checkGroups(dimHead, qkNormGroups);
    }
  }

  private static void checkValues(
      int dimHead,
      @Nullable Integer valueDimHead,
      boolean sharedKv,
      int numMemKv,
      boolean oneKvHead) {
    boolean different = valueDimHead != null && valueDimHead != dimHead;
    if (different && sharedKv) {
      throw new ConfigException(
          "'value_dim_head' is %s and 'dim_head' is %s; with 'shared_kv' they must be equal"
              .formatted(valueDimHead, dimHead));
    }
    if (different && numMemKv > 0) {
      throw new ConfigException(
          "'value_dim_head' is %s and 'dim_head' is %s; with 'num_mem_kv' they must be equal, since its weights are of one size"
              .formatted(valueDimHead, dimHead));
    }
    if (oneKvHead && numMemKv > 0) {
      throw new ConfigException(
          "'num_mem_kv' is %s; it must be 0 with 'one_kv_head', since its weights are of all heads"
              .formatted(numMemKv));
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

  /** The features of a head's values. */
  int valueFeatures() {
    return valueDimHead == null ? dimHead : valueDimHead;
  }
}
