package ai.transonnx.internal.xtransformers;

import ai.transonnx.layer.FeedForward;
import ai.transonnx.layer.Norm;
import ai.transonnx.layer.Residual;
import java.util.List;

/**
 * A stack of layers, as the options of a library's {@code AttentionLayers} describe it.
 *
 * @param dim features of a position
 * @param layers what each layer does, and how it is wrapped
 * @param idle layers behind these that have weights and are never run
 * @param causal whether a position sees none behind it
 * @param needsContext whether a context goes in
 * @param knowsPositions whether the layers know positions by themselves, so that wrappers add none
 * @param norm of a position's features
 */
public record StackPlan(
    int dim,
    List<LayerPlan> layers,
    int idle,
    boolean causal,
    boolean needsContext,
    boolean knowsPositions,
    AttentionPlan attention,
    FeedForward feedForward,
    Norm norm,
    Residual residual) {
  public StackPlan {
    layers = List.copyOf(layers);
  }

  /** How many layers attend to their own sequence, each with a memory. */
  public int selfAttentions() {
    return count(LayerKind.ATTENTION);
  }

  /** How many layers attend to the context; where none goes in, to all of their own sequence. */
  public int crossAttentions() {
    return count(LayerKind.CROSS_ATTENTION);
  }

  /** How many layers attend. */
  public int attentions() {
    return selfAttentions() + crossAttentions();
  }

  private int count(LayerKind kind) {
    return (int) layers.stream().filter(layer -> layer.kind() == kind).count();
  }
}
