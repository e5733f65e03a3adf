package ai.transonnx.xtransformerspaddle;

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
    @Option(value = "all heads share features of queries and keys", defaultValue = "false")
        boolean collabHeads,
    @Option(value = "how many, as a share of all heads' features", defaultValue = "0.3")
        double collabCompression,
    @Option(value = "how many keys a query sees, the most similar", defaultValue = "null")
        @Nullable Integer sparseTopk,
    @Option(value = "weights by 1.5-entmax, not by a softmax", defaultValue = "false")
        boolean useEntmax15,
    @Option(value = "keys and values that are weights", defaultValue = "0") int numMemKv,
    @Option(value = "dropout of the weights", defaultValue = "0.0", trainingOnly = true)
        double dropout,
    @Option(value = "gate the output by half of its features", defaultValue = "false")
        boolean onAttn,
    @Option(value = "gate the gathered values by the query", defaultValue = "false")
        boolean gateValues,
    @Option(value = "begin with an output of 0", defaultValue = "false", trainingOnly = true)
        boolean zeroInitOutput,
    @Option(
            value = "positions before its own that a query does not see; it sees those before them",
            defaultValue = "null")
        @Nullable Integer maxAttendPast,
    @Option(value = "normalize queries and keys; a learned temperature", defaultValue = "false")
        boolean qkNorm,
    @Option(
            value = "the logarithm with which the temperature begins",
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

  /** Checks what depends on the heads. */
  void check(int heads) {
    if (!collabHeads) {
      return;
    }
    long features = keyFeatures(heads);
    if (features < 1 || features > 1 << 28) {
      throw new ConfigException(
          "'attn_collab_compression' is %s; it leaves %s of %s features"
              .formatted(collabCompression, features, (long) dimHead * heads));
    }
    if (numMemKv > 0 && (heads > 1 || features != dimHead)) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'attn_collab_heads', since its weights are of each head"
              .formatted(numMemKv));
    }
  }

  /**
   * How far before it a query sees keys at the nearest, or null. The port keeps what x-transformers
   * hides here, and hides what it keeps.
   */
  @Nullable Integer minPast() {
    return maxAttendPast == null ? null : maxAttendPast + 1;
  }

  /** The features of a head's queries and keys. */
  long keyFeatures(int heads) {
    return collabHeads ? (long) (collabCompression * ((long) dimHead * heads)) : dimHead;
  }
}
