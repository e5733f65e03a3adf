package ai.transonnx.xtransformers;

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
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.StackPlan;
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
    @Option(
            value = "CrossAttender only: makes custom_layers and shift_tokens causal",
            defaultValue = "null")
        @Nullable Boolean causal,
    @Option(value = "add cross-attention to a context to each block", defaultValue = "null")
        @Nullable Boolean crossAttend,
    @OptionGroup LayerOptions options) {
  private static final int MAX = 1 << 24;

  public AttentionLayersConfig {
    Ranges.checkInteger("dim", dim, 1, MAX);
    layersClass.check(causal, crossAttend, options.onlyCross());
    boolean isCausal = layersClass == StackKind.DECODER || Boolean.TRUE.equals(causal);
    var attention = options.attention();
    options.biases().check(options.heads(), dim, isCausal, attention.numMemKv());
    options.rotary().check(isCausal, attention);
    var layers =
        LayerOrder.of(
            options.layout(), options.depth(), layersClass, crossAttend, options.onlyCross());
    options.rotary().checkLayers(layers);
    options.checkInitialization(layers);
    var feedForward = options.feedForward();
    if (feedForward.dimOut() != null && feedForward.dimOut() != dim) {
      throw ConfigException.notAllowed(
          "ff_dim_out", feedForward.dimOut(), "equal to 'dim', which is " + dim);
    }
    Ranges.checkInteger("ff_mult * dim", (long) (dim * feedForward.mult()), 1, MAX);
    var layout = options.layout();
    layout.checkShifts(layers.size(), dim, isCausal);
  }

  /** Whether positions attend to no later positions. */
  boolean isCausal() {
    return layersClass == StackKind.DECODER || Boolean.TRUE.equals(causal);
  }

  /** Whether the layers need a context. */
  boolean attendsToContext() {
    return layersClass == StackKind.CROSS_ATTENDER || Boolean.TRUE.equals(crossAttend);
  }

  /** Whether the layers encode positions themselves, so that wrappers add no embeddings of them. */
  boolean encodesPositions() {
    return options.biases().relPosBias() || options.rotary().isRotary();
  }

  /** The kinds of the layers, in order. */
  List<LayerKind> layers() {
    return LayerOrder.of(
        options.layout(), options.depth(), layersClass, crossAttend, options.onlyCross());
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    plan(profile);
  }

  /** The layer stack that these options describe. */
  StackPlan plan(Profile profile) {
    int built = options.layout().builtLayers(layers().size());
    int run = options.training().executedLayers(built);
    return new StackPlan(
        dim,
        layerPlans(run),
        built - run,
        isCausal(),
        attendsToContext(),
        attentionPlan(),
        options.feedForward().layer(dim, profile),
        options.norms().norm(dim),
        options.residuals().residual(dim, options.depth()));
  }

  private List<LayerPlan> layerPlans(int run) {
    var plans = new ArrayList<LayerPlan>();
    var norms = options.norms();
    var layout = options.layout();
    var kinds = layers();
    for (int i = 0; i < run; i++) {
      var kind = kinds.get(i);
      boolean isLast = i == kinds.size() - 1;
      plans.add(
          new LayerPlan(
              kind,
              norms.preNorm(),
              norms.sandwichNorm(),
              !norms.preNorm() && !isLast,
              layout.shift(i),
              layout.macaron() && kind == LayerKind.FEED_FORWARD,
              false));
    }
    return plans;
  }

  private AttentionPlan attentionPlan() {
    var attention = options.attention();
    return new AttentionPlan(
        options.heads(),
        new AttentionParts(dim, options.heads(), attention).compose(),
        attention.maxAttendPast(),
        null,
        options.biases().bias(options.heads(), dim, attention.dimHead(), isCausal()),
        options.rotary().embedding(attention.dimHead()),
        null,
        false,
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
