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

/**
 * The keyword arguments of {@code AttentionLayers} that an {@code XTransformer} also accepts for
 * its encoder and decoder. Immutable.
 */
public record LayerOptions(
    @Option("number of blocks") int depth,
    @Option(value = "number of attention heads", defaultValue = "8") int heads,
    @Option(value = "attend to the context only", defaultValue = "null")
        @Nullable Boolean onlyCross,
    @OptionGroup NormOptions norms,
    @OptionGroup PositionOptions positions,
    @OptionGroup LayoutOptions layout,
    @Option(
            value = "residual attention: add the previous layer's attention scores",
            defaultValue = "false")
        boolean residualAttn,
    @Option(value = "residual attention for cross-attention", defaultValue = "false")
        boolean crossResidualAttn,
    @Option(
            value = "combine output and residual with a gated recurrent unit (GRU)",
            defaultValue = "false")
        boolean gateResidual,
    @Option(value = "learned per-feature scale of the residual", defaultValue = "false")
        boolean scaleResidual,
    @Option(
            value = "initialize the last projection of each branch to zero",
            defaultValue = "false",
            trainingOnly = true)
        boolean zeroInitBranchOutput,
    @OptionGroup(prefix = "attn_") AttentionOptions attention,
    @OptionGroup(prefix = "ff_") FeedForwardOptions feedForward) {
  public LayerOptions {
    Ranges.checkDepth("depth", depth, 0);
    Ranges.checkInteger("heads", heads, 1, 1 << 12);
    attention.check(heads);
  }

  /** Checks that the library can initialize these layers. */
  void checkInitialization(List<LayerKind> layers) {
    ZeroInitCheck.check(
        layers, attention.onAttn(), zeroInitBranchOutput, attention.zeroInitOutput());
  }

  /** The residual connection for this model dimension. */
  Residual residual(long dim) {
    return gateResidual
        ? new GatedResidual(dim, scaleResidual)
        : new SummedResidual(dim, scaleResidual, 1);
  }
}
