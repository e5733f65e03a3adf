package ai.transonnx.xtransformers;

import ai.transonnx.internal.xtransformers.AttentionPlan;
import ai.transonnx.internal.xtransformers.KeyDistances;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.PlacedNorm;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.StackEnd;
import ai.transonnx.internal.xtransformers.StackMasks;
import ai.transonnx.internal.xtransformers.StackPlan;
import java.util.ArrayList;
import java.util.List;

/** Plans the layer stack of a configuration at a release. */
record StackPlanner(AttentionLayersConfig config, Profile profile) {
  StackPlan plan() {
    var options = config.options();
    int built = options.layout().builtLayers(config.layers().size());
    int run = options.training().executedLayers(built);
    return new StackPlan(
        config.dim(),
        layers(run),
        built - run,
        config.isCausal(),
        config.attendsToContext(),
        self(),
        cross(),
        options.feedForward().layer(config.dim(), profile),
        new StackMasks(
            profile.masks().keyMask(),
            profile.masks().ignoresKeyMask(),
            profile.masks().hasAttnMask(),
            profile.masks().normsMemories()),
        end(),
        unused(run));
  }

  /** The last norm of a post-norm stack, in releases that make a norm for each layer. */
  private List<String> unused(int run) {
    boolean isUnused =
        run > 0
            && !config.options().norms().preNorm()
            && !profile.norms().normsLastSum()
            && profile.keys().layerNorm(0).size() == 1;
    return isUnused ? List.of("layers.%s.0".formatted(run - 1)) : List.of();
  }

  private List<LayerPlan> layers(int run) {
    var planner = new LayerPlanner(config, profile);
    var plans = new ArrayList<LayerPlan>();
    for (int i = 0; i < run; i++) {
      plans.add(planner.plan(i));
    }
    return plans;
  }

  private AttentionPlan self() {
    var options = config.options();
    var attention = options.attention();
    int heads = options.heads();
    boolean attends = config.attendsToItself();
    return attention(
        attention,
        attends
            ? new AttentionPlan.Positions(
                options.biases().bias(heads, config.dim(), config.isCausal(), attention, profile),
                options.rotary().embedding(heads, attention, profile),
                options.positions().infused(config.dim()))
            : AttentionPlan.Positions.NONE,
        options.residualAttn());
  }

  private AttentionPlan cross() {
    var options = config.options();
    return attention(
        options.crossAttention(), AttentionPlan.Positions.NONE, options.crossResidualAttn());
  }

  private AttentionPlan attention(
      AttentionOptions attention, AttentionPlan.Positions positions, boolean addsScores) {
    var options = config.options();
    boolean normed = attention.qkNorm() || options.norms().former().useQkNormAttn();
    return new AttentionPlan(
        options.heads(),
        new AttentionParts(
                new AttentionSetting(
                    config.dim(), options.heads(), normed, addsScores, attention, profile))
            .compose(),
        distances(attention),
        positions,
        profile.masks().padding());
  }

  private KeyDistances distances(AttentionOptions attention) {
    var most = attention.maxAttendPast();
    boolean memoryIsNear = profile.masks().memoryIsNear();
    return most != null && profile.attention().hidesNearKeys()
        ? new KeyDistances(null, most + 1, memoryIsNear)
        : new KeyDistances(most, null, memoryIsNear);
  }

  private StackEnd end() {
    var norms = config.options().norms();
    var residuals = config.options().residuals();
    var path = profile.norms().finalNorm();
    boolean hasNorm =
        residuals.resiDual()
            || (norms.preNorm()
                && (norms.end().preNormHasFinalNorm() || !profile.norms().canOmitFinalNorm()));
    if (path == null || !hasNorm) {
      return StackEnd.NONE;
    }
    return new StackEnd(
        new PlacedNorm(path, norms.norm(config.dim(), profile)),
        residuals.resiDual() ? residuals.resiDualScale() : null);
  }
}
