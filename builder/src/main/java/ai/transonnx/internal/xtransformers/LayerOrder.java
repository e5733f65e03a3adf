package ai.transonnx.internal.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.xtransformers.LayoutOptions;
import ai.transonnx.xtransformers.StackKind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Computes the order of layers in a stack. Stateless. */
public final class LayerOrder {
  private LayerOrder() {}

  /**
   * The kinds of all layers, in order.
   *
   * @param crossAttend whether a block has cross-attention
   * @param onlyCross whether a block with cross-attention has no self-attention
   * @throws ConfigException if an option of the layout is out of range
   */
  public static List<LayerKind> of(
      LayoutOptions layout,
      int depth,
      StackKind kind,
      @Nullable Boolean crossAttend,
      @Nullable Boolean onlyCross) {
    var block = block(layout, kind, crossAttend, onlyCross);
    if (layout.customLayers() != null) {
      return LayerKind.all(layout.customLayers());
    }
    if (layout.parRatio() != null) {
      return par(block, depth, layout.parRatio());
    }
    if (layout.sandwichCoef() != null) {
      return sandwich(block, depth, layout.sandwichCoef());
    }
    return layout.reuse().weightTieLayers() && depth > 0 ? block : repeat(block, depth);
  }

  /** The kinds of the layers of a block, in order. */
  public static List<LayerKind> block(
      LayoutOptions layout,
      StackKind kind,
      @Nullable Boolean crossAttend,
      @Nullable Boolean onlyCross) {
    boolean isCrossAttender = kind == StackKind.CROSS_ATTENDER;
    boolean cross = isCrossAttender || Boolean.TRUE.equals(crossAttend);
    boolean only = isCrossAttender || Boolean.TRUE.equals(onlyCross);
    return block(layout, !cross || !only, cross);
  }

  private static List<LayerKind> block(LayoutOptions layout, boolean self, boolean cross) {
    var block = new ArrayList<LayerKind>();
    if (layout.macaron()) {
      block.add(LayerKind.FEED_FORWARD);
    }
    if (self) {
      block.add(LayerKind.ATTENTION);
    }
    if (cross) {
      block.add(LayerKind.CROSS_ATTENTION);
    }
    block.add(LayerKind.FEED_FORWARD);
    return block;
  }

  /**
   * Puts fewer attention layers into the first two thirds and none after.
   *
   * @see <a href="https://arxiv.org/abs/2009.04534">Pay Attention when Required</a>
   */
  private static List<LayerKind> par(List<LayerKind> block, int depth, int ratio) {
    int all = depth * block.size();
    Ranges.checkInteger("par_ratio", ratio, 2, all);
    var attention = new ArrayList<>(block);
    attention.removeIf(layer -> layer == LayerKind.FEED_FORWARD);
    int blocks = all / ratio;
    int cut = all * 2 / 3;
    int width = (cut + cut / blocks) / blocks;
    if (attention.size() > width) {
      throw new ConfigException(
          "'par_ratio' is %s; with 'depth' %s its blocks would have %s layers, but need at least %s"
              .formatted(ratio, depth, width, attention.size()));
    }
    attention.addAll(feedForwards(width - attention.size()));
    var layers = new ArrayList<>(repeat(attention, blocks));
    layers.addAll(feedForwards(all - layers.size()));
    return layers;
  }

  /**
   * Puts only attention first and only feedforward layers last.
   *
   * @see <a href="https://arxiv.org/abs/1911.03864">Sandwich Transformers</a>
   */
  private static List<LayerKind> sandwich(List<LayerKind> block, int depth, int coefficient) {
    Ranges.checkInteger("sandwich_coef", coefficient, 1, depth);
    var layers = new ArrayList<>(Collections.nCopies(coefficient, LayerKind.ATTENTION));
    layers.addAll(repeat(block, depth - coefficient));
    layers.addAll(feedForwards(coefficient));
    return layers;
  }

  private static List<LayerKind> feedForwards(int count) {
    return Collections.nCopies(Math.max(count, 0), LayerKind.FEED_FORWARD);
  }

  private static List<LayerKind> repeat(List<LayerKind> block, int times) {
    var layers = new ArrayList<LayerKind>();
    for (int i = 0; i < times; i++) {
      layers.addAll(block);
    }
    return layers;
  }
}
