package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.ZeroInitCheck;
import ai.transonnx.layer.GatedResidual;
import ai.transonnx.layer.Residual;
import ai.transonnx.layer.SummedResidual;
import ai.transonnx.xtransformers.LayoutOptions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code AttentionLayers} that an {@code XTransformer} hands on, too. */
public record LayerOptions(
    @Option("blocks of layers") int depth,
    @Option(value = "heads of attention", defaultValue = "8") int heads,
    @Option(value = "attend to nothing but the context", defaultValue = "null")
        @Nullable Boolean onlyCross,
    @OptionGroup NormOptions norms,
    @OptionGroup PositionOptions positions,
    @OptionGroup LayoutOptions layout,
    @Option(value = "attention's scores are added to the next's", defaultValue = "false")
        boolean residualAttn,
    @Option(value = "attention's scores of the context, too", defaultValue = "false")
        boolean crossResidualAttn,
    @Option(value = "a gated recurrent unit joins branch and residual", defaultValue = "false")
        boolean gateResidual,
    @Option(value = "a learned factor a feature of the residual", defaultValue = "false")
        boolean scaleResidual,
    @Option(value = "begin with branches of 0", defaultValue = "false", trainingOnly = true)
        boolean zeroInitBranchOutput,
    @OptionGroup(prefix = "attn_") AttentionOptions attention,
    @OptionGroup(prefix = "ff_") FeedForwardOptions feedForward) {
  public LayerOptions {
    Ranges.checkInteger("depth", depth, 0, 10_000);
    Ranges.checkInteger("heads", heads, 1, 1 << 12);
    attention.check(heads);
  }

  /** Checks how weights of these layers begin. */
  void checkInitialization(List<LayerKind> layers) {
    ZeroInitCheck.check(
        layers, attention.onAttn(), zeroInitBranchOutput, attention.zeroInitOutput());
  }

  /** The residual of layers of this many features. */
  Residual residual(long dim) {
    return gateResidual
        ? new GatedResidual(dim, scaleResidual)
        : new SummedResidual(dim, scaleResidual, 1);
  }
}
