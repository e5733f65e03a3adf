package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A layer stack, the library's {@code AttentionLayers}. Immutable.
 *
 * @param dim the model dimension
 * @param layers the layers that are executed, in order
 * @param causal whether positions attend to no later positions
 * @param needsContext whether the stack takes a context
 * @param self the self-attention of all layers
 * @param cross the cross-attention of all layers
 * @param feedForward the feedforward layer
 * @param masks the masks and memories that calls accept
 * @param condition what norms and scales depend on, or null
 * @param injection what is added to the input of each layer
 * @param end the end of the stack
 * @param unused modules that have weights but are not used, such as {@code layers.3.0}
 */
public record StackPlan(
    int dim,
    List<LayerPlan> layers,
    boolean causal,
    boolean needsContext,
    AttentionPlan self,
    AttentionPlan cross,
    FeedForward feedForward,
    StackMasks masks,
    @Nullable NormCondition condition,
    Injection injection,
    StackEnd end,
    List<String> unused) {
  public StackPlan {
    unused = List.copyOf(unused);
    layers = List.copyOf(layers);
  }

  /**
   * Whether calls accept and return memories: the inputs of layers, which are not sequences if
   * there are several residual streams.
   */
  boolean hasMemories() {
    return end.streams() == null && !masks.attendsPrefix();
  }

  /** The number of layers with self-attention. */
  public int selfAttentions() {
    return count(LayerKind.ATTENTION);
  }

  /**
   * The number of layers with cross-attention. Without a context, they attend to their own
   * sequence, without a causal mask.
   */
  public int crossAttentions() {
    return count(LayerKind.CROSS_ATTENTION);
  }

  /** The number of layers with attention of either kind. */
  public int attentions() {
    return selfAttentions() + crossAttentions();
  }

  private int count(LayerKind kind) {
    return (int) layers.stream().filter(layer -> layer.kind() == kind).count();
  }

  /** Whether values are mixed with those of the first layer of their kind. */
  boolean mixesValues(LayerKind kind) {
    return layers.stream().anyMatch(layer -> layer.kind() == kind && layer.valueMix() != null);
  }

  /** Whether keys after a query are masked, except for those of a prefix. */
  boolean masksLater() {
    return causal || masks.attendsPrefix();
  }
}
