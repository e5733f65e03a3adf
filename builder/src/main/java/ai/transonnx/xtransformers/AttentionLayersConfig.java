package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.ConfigReader;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.LayerOrder;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.StackPlan;
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
                "Encoder: bidirectional; Decoder: causal; PrefixDecoder: causal after a prefix;"
                    + " CrossAttender: attends to a context only; TransformerBlock: no final norm",
            key = ConfigReader.CLASS)
        StackKind layersClass,
    @Option("model dimension") int dim,
    @Option(
            value =
                "CrossAttender and TransformerBlock: makes custom_layers and shift_tokens causal",
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
    options.biases().check(options.heads(), dim, isCausal);
    options.rotary().check(isCausal);
    var layers =
        LayerOrder.of(
            options.layout(), options.blocks(), layersClass, crossAttend, options.onlyCross());
    options.rotary().checkLayers(layers);
    options.checkInitialization(layers);
    var feedForward = options.feedForward();
    if (feedForward.dimOut() != null && feedForward.dimOut() != dim) {
      throw ConfigException.notAllowed(
          "ff_dim_out", feedForward.dimOut(), "equal to 'dim', which is " + dim);
    }
    options.attention().output().check("attn_", dim);
    options.crossAttention().output().check("cross_attn_", dim);
    Ranges.checkInteger("ff_mult * dim", (long) (dim * feedForward.mult()), 1, MAX);
    var layout = options.layout();
    layout.checkShifts(layers.size(), dim, isCausal);
  }

  /** Whether positions attend to no later positions. */
  boolean isCausal() {
    return layersClass == StackKind.DECODER || Boolean.TRUE.equals(causal);
  }

  /** Whether a layer attends to its own sequence. */
  boolean attendsToItself() {
    return layers().contains(LayerKind.ATTENTION);
  }

  /** Whether the layers need a context. */
  boolean attendsToContext() {
    return layersClass == StackKind.CROSS_ATTENDER || Boolean.TRUE.equals(crossAttend);
  }

  /** Whether the layers encode positions themselves, so that wrappers add no embeddings of them. */
  boolean encodesPositions(Profile profile) {
    return options.encodesPositions(profile);
  }

  /** The kinds of the layers, in order. */
  List<LayerKind> layers() {
    return LayerOrder.of(
        options.layout(), options.blocks(), layersClass, crossAttend, options.onlyCross());
  }

  /** The indices of the layers that are run, in order. */
  List<Integer> order() {
    return options.layout().reuse().order(layers().size(), options.depth());
  }

  /** The number of layers of a block; 1 if the layers do not consist of equal blocks. */
  int blockLength() {
    var layout = options.layout();
    return layout.isIrregular()
        ? 1
        : LayerOrder.block(layout, layersClass, crossAttend, options.onlyCross()).size();
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    plan(profile);
  }

  /**
   * Checks that the layers need no condition, which some wrappers do not pass on.
   *
   * @throws ConfigException if they need one
   */
  void checkUnconditioned(String wrapper) {
    if (options.condition().isUsed()) {
      throw new ConfigException(
          "'%s' is true, but class %s does not pass a condition to its layers"
              .formatted(options.condition().key(), wrapper));
    }
  }

  /** The layer stack that these options describe. */
  StackPlan plan(Profile profile) {
    return new StackPlanner(this, profile).plan();
  }

  /** A builder for an {@code Encoder}. */
  public static AttentionLayersConfigBuilder encoder() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.ENCODER);
  }

  /** A builder for a {@code Decoder}. */
  public static AttentionLayersConfigBuilder decoder() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.DECODER);
  }

  /** A builder for a {@code PrefixDecoder}. */
  public static AttentionLayersConfigBuilder prefixDecoder() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.PREFIX_DECODER);
  }

  /** A builder for a {@code TransformerBlock}. */
  public static AttentionLayersConfigBuilder transformerBlock() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.TRANSFORMER_BLOCK);
  }

  /** A builder for a {@code CrossAttender}. */
  public static AttentionLayersConfigBuilder crossAttender() {
    return new AttentionLayersConfigBuilder().layersClass(StackKind.CROSS_ATTENDER);
  }
}
