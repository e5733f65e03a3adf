package ai.transonnx.xtransformerspaddle;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.ConfigReader;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.AttentionPlan;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.LayerOrder;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.StackPlan;
import ai.transonnx.xtransformers.StackKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keyword arguments of {@code AttentionLayers}, which the library exposes as {@code Encoder},
 * {@code Decoder} and {@code CrossAttender}. Immutable.
 *
 * <p>Values that the library would reject throw a {@link ConfigException}, whose message names the
 * key and the allowed values.
 */
@Configuration
public record AttentionLayersConfig(
    @Option(
            value =
                "Encoder: bidirectional; Decoder: causal; CrossAttender: attends to a context only",
            key = ConfigReader.CLASS)
        StackKind layersClass,
    @Option("model dimension") int dim,
    @Option(value = "CrossAttender only: makes its layers causal", defaultValue = "null")
        @Nullable Boolean causal,
    @Option(value = "add cross-attention to a context to each block", defaultValue = "null")
        @Nullable Boolean crossAttend,
    @OptionGroup LayerOptions options) {
  private static final int MAX = 1 << 24;

  public AttentionLayersConfig {
    Ranges.checkInteger("dim", dim, 1, MAX);
    layersClass.check(causal, crossAttend, options.onlyCross());
    boolean isCausal = isCausal(layersClass, causal);
    var layers = layers(layersClass, crossAttend, options);
    options.positions().checkAlibi(options.heads(), isCausal);
    if (layers.contains(LayerKind.ATTENTION)) {
      options.positions().check(dim, options.heads(), isCausal, options.attention());
    } else {
      options.positions().checkNotRotary();
    }
    options.checkInitialization(layers);
    options.feedForward().check(dim);
    options.layout().checkShifts(layers.size(), dim, isCausal);
  }

  private static boolean isCausal(StackKind kind, @Nullable Boolean causal) {
    return kind == StackKind.DECODER || Boolean.TRUE.equals(causal);
  }

  private static List<LayerKind> layers(
      StackKind kind, @Nullable Boolean crossAttend, LayerOptions options) {
    return LayerOrder.of(options.layout(), options.depth(), kind, crossAttend, options.onlyCross());
  }

  /** The layer stack that these options describe. */
  StackPlan plan() {
    return new StackPlan(
        dim,
        layerPlans(),
        0,
        isCausal(layersClass, causal),
        layersClass == StackKind.CROSS_ATTENDER || Boolean.TRUE.equals(crossAttend),
        attentionPlan(),
        options.feedForward().layer(dim),
        options.norms().norm(dim),
        options.residual(dim));
  }

  private List<LayerPlan> layerPlans() {
    var plans = new ArrayList<LayerPlan>();
    var norms = options.norms();
    var kinds = layers(layersClass, crossAttend, options);
    for (int i = 0; i < options.layout().builtLayers(kinds.size()); i++) {
      boolean isFeedForward = kinds.get(i) == LayerKind.FEED_FORWARD;
      boolean normsAfter = norms.useQkNormAttn() && !isFeedForward;
      boolean isLast = i == kinds.size() - 1;
      plans.add(
          new LayerPlan(
              kinds.get(i),
              norms.preNorm() && !normsAfter,
              norms.sandwichNorm() || normsAfter,
              !norms.preNorm() && !isLast,
              options.layout().shift(i),
              options.layout().macaron() && isFeedForward,
              norms.useRezero()));
    }
    return plans;
  }

  private AttentionPlan attentionPlan() {
    var positions = options.positions();
    var attention = options.attention();
    int heads = options.heads();
    boolean normed = attention.qkNorm() || options.norms().useQkNormAttn();
    return new AttentionPlan(
        heads,
        new AttentionParts(dim, heads, normed, attention).compose(),
        null,
        attention.minPast(),
        positions.bias(heads, attention.dimHead(), isCausal(layersClass, causal)),
        positions.rotary(attention.dimHead()),
        positions.infused(dim),
        true,
        options.residualAttn(),
        options.crossResidualAttn());
  }

  /** A builder for an {@code Encoder}. */
  public static AttentionLayersConfigBuilder encoder() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.ENCODER);
  }

  /** A builder for a {@code Decoder}. */
  public static AttentionLayersConfigBuilder decoder() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.DECODER);
  }

  /** A builder for a {@code CrossAttender}. */
  public static AttentionLayersConfigBuilder crossAttender() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.CROSS_ATTENDER);
  }
}
