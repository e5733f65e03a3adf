package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
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
            defaultValue = "false")
        boolean talkingHeads,
    @Option(value = "learned per-head scale", defaultValue = "false") boolean headScale,
    @Option(value = "collaborative heads: share query and key projections", defaultValue = "false")
        boolean collabHeads,
    @Option(
            value = "shared key dimension as a fraction of all heads' dimensions",
            defaultValue = "0.3")
        double collabCompression,
    @Option(
            value = "number of highest-scoring keys that each query attends to",
            defaultValue = "null")
        @Nullable Integer sparseTopk,
    @Option(value = "1.5-entmax instead of softmax", defaultValue = "false") boolean useEntmax15,
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
            trainingOnly = true)
        boolean zeroInitOutput,
    @Option(
            value = "number of preceding positions hidden from a query; earlier ones are visible",
            defaultValue = "null")
        @Nullable Integer maxAttendPast,
    @Option(
            value = "normalize queries and keys, with a learned temperature",
            defaultValue = "false")
        boolean qkNorm,
    @Option(
            value = "initial logarithm of the temperature",
            defaultValue = "null",
            trainingOnly = true)
        @Nullable Double scaleInitValue) {
  private static final int MAX = 1 << 16;

  public AttentionOptions {
    Ranges.checkInteger("dim_head", dimHead, 1, MAX);
    Ranges.checkInteger("num_mem_kv", numMemKv, 0, MAX);
    Ranges.checkFinite("collab_compression", collabCompression);
    Ranges.checkProbability("dropout", dropout);
    if (sparseTopk != null) {
      Ranges.checkInteger("sparse_topk", sparseTopk, 1, Integer.MAX_VALUE);
    }
    if (maxAttendPast != null) {
      Ranges.checkInteger("max_attend_past", maxAttendPast, 0, Integer.MAX_VALUE - 1);
    }
  }

  /** Checks options that depend on the number of heads. */
  void check(int heads) {
    if (!collabHeads) {
      return;
    }
    long features = keyFeatures(heads);
    if (features < 1 || features > 1 << 28) {
      throw new ConfigException(
          "'attn_collab_compression' is %s; it would leave %s of %s features"
              .formatted(collabCompression, features, (long) dimHead * heads));
    }
    if (numMemKv > 0 && (heads > 1 || features != dimHead)) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'attn_collab_heads', since each head has its own memory keys and values"
              .formatted(numMemKv));
    }
  }

  /**
   * The smallest distance at which a query attends to an earlier key, or null. The port inverts the
   * mask of x-transformers: it hides the keys that x-transformers keeps, and keeps those that it
   * hides.
   */
  @Nullable Integer minPast() {
    return maxAttendPast == null ? null : maxAttendPast + 1;
  }

  /** The dimension of each head's queries and keys. */
  long keyFeatures(int heads) {
    return collabHeads ? (long) (collabCompression * ((long) dimHead * heads)) : dimHead;
  }
}
