package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.RmsNorm;
import ai.transonnx.layer.ScaleNorm;
import org.jspecify.annotations.Nullable;

/** How layers normalize, and where. */
public record NormOptions(
    @Option(value = "vectors of one length instead of layer norm", defaultValue = "false")
        boolean useScalenorm,
    @Option(value = "root mean square norm; before use_scalenorm", defaultValue = "false")
        boolean useRmsnorm,
    @Option(value = "no norms: each layer has a learned factor", defaultValue = "false")
        boolean useRezero,
    @Option(value = "normalize what enters a branch, not the sum", defaultValue = "true")
        boolean preNorm,
    @Option(value = "normalize what leaves a branch, too", defaultValue = "false")
        boolean sandwichNorm,
    @Option(
            value = "attention normalizes queries, keys and what leaves it, not what enters",
            defaultValue = "false")
        boolean useQkNormAttn,
    @Option(
            value = "positions for which its temperature begins right",
            defaultValue = "null",
            trainingOnly = true)
        @Nullable Integer qkNormAttnSeqLen) {
  public NormOptions {
    if (!preNorm && sandwichNorm) {
      throw new ConfigException(
          "'sandwich_norm' is true; it must be false where 'pre_norm' is false");
    }
    if (useQkNormAttn && qkNormAttnSeqLen != null) {
      Ranges.checkInteger("qk_norm_attn_seq_len", qkNormAttnSeqLen, 2, Integer.MAX_VALUE);
    }
  }

  /** The norm of this many features. */
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
