package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;

/** The options that only cross-attention has. Immutable. */
public record CrossAttentionOptions(
    @Option(
            value = "queries compete for the keys of the context (inverted attention)",
            defaultValue = "false",
            since = "2.20.0")
        boolean crossAttnInvertedAttention) {
  /** Checks that the other options of cross-attention allow an inverted one. */
  void check(AttentionOptions attention) {
    var scores = attention.scores();
    boolean normalizes =
        !scores.sigmoid()
            && !scores.hard()
            && !scores.headLearnedSink()
            && attention.sparseTopk() == null;
    if (crossAttnInvertedAttention && (!normalizes || attention.keyValues().flash())) {
      throw new ConfigException(
          "'cross_attn_inverted_attention' is true; it must be false with 'flash', 'sigmoid',"
              + " 'hard', 'head_learned_sink' and 'sparse_topk' of cross-attention");
    }
  }
}
