package ai.transonnx.xtransformers;

import ai.transonnx.internal.xtransformers.BranchWrapper;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.LayerNorms;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.PlacedNorm;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.layer.ShiftedFeatures;
import java.util.ArrayList;
import java.util.List;

/** Plans the layers of a configuration at a release. */
record LayerPlanner(AttentionLayersConfig config, Profile profile, SkipConnections skips) {
  /**
   * The plan of a layer.
   *
   * @param index the index of the layer
   * @param position its position in the order of execution
   */
  LayerPlan plan(int index, int position) {
    var kind = config.layers().get(index);
    return new LayerPlan(
        kind,
        index,
        skips.to(index, position),
        norms(kind, index),
        wrappers(kind, index),
        new ConnectionPlanner(config, profile).connection(kind),
        config.options().valueResiduals().mix(kind, index, config, profile),
        new ConnectionPlanner(config, profile).integration(kind, index, position));
  }

  private LayerNorms norms(LayerKind kind, int index) {
    var norms = config.options().norms();
    boolean normsAfter = norms.former().useQkNormAttn() && kind != LayerKind.FEED_FORWARD;
    boolean normsSum = !norms.preNorm() || norms.end().preAndPostNorm();
    boolean normsOuter =
        config.options().residuals().isDual() && !profile.norms().normsOuterResidualOnce();
    boolean isLast = index == config.layers().size() - 1;
    return new LayerNorms(
        norms.preNorm() && !normsAfter ? norm(0) : null,
        norms.sandwichNorm() || normsAfter ? norm(1) : null,
        normsSum && (!isLast || profile.norms().normsLastSum()) ? norm(2) : null,
        normsOuter ? norm(0) : null);
  }

  private PlacedNorm norm(int place) {
    var options = config.options();
    return options.norm(profile.keys().layerNorm(place), config.dim(), profile);
  }

  private List<BranchWrapper> wrappers(LayerKind kind, int index) {
    var wrappers = new ArrayList<BranchWrapper>();
    var options = config.options();
    if (options.branches().useLayerscale()) {
      double offset =
          profile.norms().offsetsLayerScale() && options.norms().classes().unitOffset(profile)
              ? 1
              : 0;
      wrappers.add(new BranchWrapper.LayerScale(config.dim(), offset));
    }
    if (options.condition().useAdaptiveLayerscale()) {
      wrappers.add(new BranchWrapper.ConditionedScale(options.condition().scale(config.dim())));
    }
    boolean isFeedForward = kind == LayerKind.FEED_FORWARD;
    boolean rezeroes = !isFeedForward || profile.norms().rezeroesFeedForward();
    if (options.norms().former().useRezero() && rezeroes) {
      wrappers.add(new BranchWrapper.Rezero());
    }
    int shift = options.layout().shift(index);
    if (shift > 0) {
      var features = new ShiftedFeatures(config.isCausal() ? 0 : -shift, shift);
      wrappers.add(new BranchWrapper.TokenShift(features));
    }
    if (options.layout().macaron() && isFeedForward) {
      wrappers.add(new BranchWrapper.HalfWeight());
    }
    return wrappers;
  }
}
