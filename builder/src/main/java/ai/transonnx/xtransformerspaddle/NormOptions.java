package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.RmsNorm;
import ai.transonnx.layer.ScaleNorm;
import org.jspecify.annotations.Nullable;

/** The options of normalization. Immutable. */
public record NormOptions(
    @Option(value = "ScaleNorm instead of layer norm", defaultValue = "false") boolean useScalenorm,
    @Option(value = "RMSNorm; takes precedence over use_scalenorm", defaultValue = "false")
        boolean useRmsnorm,
    @Option(value = "ReZero: a learned scale per layer instead of norms", defaultValue = "false")
        boolean useRezero,
    @Option(
            value = "normalize each layer's input (pre-norm), not the sum (post-norm)",
            defaultValue = "true")
        boolean preNorm,
    @Option(value = "normalize each layer's output as well", defaultValue = "false")
        boolean sandwichNorm,
    @Option(
            value = "attention normalizes queries, keys and its output instead of its input",
            defaultValue = "false")
        boolean useQkNormAttn,
    @Option(
            value = "sequence length that determines the initial temperature",
            defaultValue = "null",
            trainingOnly = true)
        @Nullable Integer qkNormAttnSeqLen) {
  public NormOptions {
    if (!preNorm && sandwichNorm) {
      throw new ConfigException("'sandwich_norm' is true; it must be false if 'pre_norm' is false");
    }
    if (useQkNormAttn && qkNormAttnSeqLen != null) {
      Ranges.checkInteger("qk_norm_attn_seq_len", qkNormAttnSeqLen, 2, Integer.MAX_VALUE);
    }
  }

  /** The norm for this model dimension. */
  Norm norm(long dim) {
    if (useRezero) {
      return (scope, x) -> x;
    }
    if (useRmsnorm) {
      return new RmsNorm(dim);
    }
    return useScalenorm ? ScaleNorm.ofRootMeanSquare(dim) : new LayerNorm(dim);
  }
}
