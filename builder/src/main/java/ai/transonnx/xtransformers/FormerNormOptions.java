package ai.transonnx.xtransformers;

import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/** The options of normalization that only early releases have. Immutable. */
public record FormerNormOptions(
    @Option(
            value = "ReZero: a learned scale per layer instead of norms",
            defaultValue = "false",
            until = "0.26.6")
        boolean useRezero,
    @Option(
            value = "attention normalizes queries, keys and its output instead of its input",
            defaultValue = "false",
            since = "0.21.0",
            until = "0.31.0")
        boolean useQkNormAttn,
    @Option(
            value = "sequence length that determines the initial temperature",
            defaultValue = "null",
            trainingOnly = true,
            since = "0.21.0",
            until = "0.29.2")
        @Nullable Integer qkNormAttnSeqLen) {
  public FormerNormOptions {
    if (useQkNormAttn && qkNormAttnSeqLen != null) {
      Ranges.checkInteger("qk_norm_attn_seq_len", qkNormAttnSeqLen, 2, Integer.MAX_VALUE);
    }
  }
}
