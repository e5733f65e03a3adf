package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.PlacedNorm;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ZeroInitCheck;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code AttentionLayers} that an {@code XTransformer} also accepts for
 * its encoder and decoder. Immutable.
 */
public record LayerOptions(
    @Option(value = "number of blocks; required unless custom_layers is set", defaultValue = "null")
        @Nullable Integer depth,
    @Option(value = "number of attention heads", defaultValue = "8") int heads,
    @Option(value = "attend to the context only", defaultValue = "null")
        @Nullable Boolean onlyCross,
    @OptionGroup NormOptions norms,
    @OptionGroup ResidualOptions residuals,
    @OptionGroup BiasOptions biases,
    @OptionGroup RotaryOptions rotary,
    @OptionGroup LayoutOptions layout,
    @Option(
            value = "residual attention: add the previous layer's attention scores",
            defaultValue = "false")
        boolean residualAttn,
    @Option(value = "residual attention for cross-attention", defaultValue = "false")
        boolean crossResidualAttn,
    @OptionGroup TrainingOptions training,
    @OptionGroup PositionOptions positions,
    @OptionGroup ConditionOptions condition,
    @OptionGroup BranchOptions branches,
    @OptionGroup StreamOptions streams,
    @OptionGroup ValueResidualOptions valueResiduals,
    @OptionGroup(prefix = "attn_") AttentionOptions attention,
    @OptionGroup(prefix = "ff_") FeedForwardOptions feedForward,
    @OptionGroup(prefix = "cross_attn_", otherwise = "attn_", since = "1.25.2")
        AttentionOptions crossAttention,
    @OptionGroup CrossAttentionOptions crossAttentionOnly) {
  public LayerOptions {
    if (depth != null) {
      Ranges.checkDepth("depth", depth, 0);
    } else if (layout.customLayers() == null) {
      throw new ConfigException("option 'depth' is missing");
    }
    Ranges.checkInteger("heads", heads, 1, 1 << 12);
    if (residuals.deepnorm()) {
      Ranges.checkDepth("depth", depth == null ? 0 : depth, 1);
    }
    if (residuals.deepnorm() || residuals.resiDual()) {
      norms = norms.postNorm();
    }
    norms.checkPlaces();
    attention.check(heads);
    crossAttentionOnly.check(crossAttention);
    FlashCheck.check(attention, crossAttention, biases, residualAttn, crossResidualAttn);
  }

  /** Checks that the library can initialize these layers. */
  void checkInitialization(List<LayerKind> layers) {
    ZeroInitCheck.check(
        layers, attention.onAttn(), training.zeroInitBranchOutput(), attention.zeroInitOutput());
  }

  /**
   * Checks that options select one class of norms.
   *
   * @throws ConfigException if they select several and the release refuses that
   */
  void checkNorms(Profile profile) {
    norms.checkClass(condition.isOfNorms() ? List.of(condition.normKey()) : List.of(), profile);
  }

  /** The norm at this position for this model dimension. */
  PlacedNorm norm(List<String> path, int dim, Profile profile) {
    return condition.isOfNorms()
        ? condition.norm(path, dim)
        : new PlacedNorm(path, norms.norm(dim, profile));
  }

  /** The number of blocks; 0 if it is left out. */
  int blocks() {
    return depth == null ? 0 : depth;
  }

  /**
   * Checks that the number of blocks is set where the release needs it.
   *
   * @throws ConfigException if it is not
   */
  void checkDepth(Profile profile) {
    if (depth == null && !profile.stack().canOmitDepth()) {
      throw new ConfigException(
          "option 'depth' is missing; it can be left out from release 1.29.0 on");
    }
    boolean ordered = layout.reuse().layersExecuteOrder() != null && layout.customLayers() != null;
    if (depth != null && ordered && profile.stack().canOmitDepth()) {
      throw new ConfigException(
          "'depth' is %s; it must be left out with 'custom_layers' and 'layers_execute_order'"
              .formatted(depth));
    }
  }

  /** Whether the layers encode positions themselves, so that wrappers add no embeddings of them. */
  boolean encodesPositions(Profile profile) {
    var disabled = positions.disableAbsPosEmb();
    return disabled == null
        ? positions.positionInfusedAttn()
            || biases.relPosBias()
            || rotary.isRotary()
            || (positions.polarPosEmb() && profile.positions().polarReplacesAbsolute())
        : disabled;
  }

  /** These options with a learned per-feature scale and a constant scale of the residuals. */
  LayerOptions withScaledResiduals(double constant) {
    return new LayerOptions(
        depth,
        heads,
        onlyCross,
        norms,
        residuals.scaled(constant),
        biases,
        rotary,
        layout,
        residualAttn,
        crossResidualAttn,
        training,
        positions,
        condition,
        branches,
        streams,
        valueResiduals,
        attention,
        feedForward,
        crossAttention,
        crossAttentionOnly);
  }
}
