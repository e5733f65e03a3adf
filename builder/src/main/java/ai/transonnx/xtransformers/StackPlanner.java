package ai.transonnx.xtransformers;

import ai.transonnx.attention.ValueMix;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.AttentionPlan;
import ai.transonnx.internal.xtransformers.FailingFeature;
import ai.transonnx.internal.xtransformers.KeyDistances;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.LayerPlan;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.ResidualStreams;
import ai.transonnx.internal.xtransformers.StackEnd;
import ai.transonnx.internal.xtransformers.StackMasks;
import ai.transonnx.internal.xtransformers.StackPlan;
import ai.transonnx.xtransformers.AttentionSetting.Trait;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.stream.Collectors;

/** Plans the layer stack of a configuration at a release. */
record StackPlanner(AttentionLayersConfig config, Profile profile) {
  StackPlan plan() {
    checkClass();
    var options = config.options();
    options.checkNorms(profile);
    options.checkDepth(profile);
    long selfAttentions = config.layers().stream().filter(LayerKind.ATTENTION::equals).count();
    new StreamChecks(options, selfAttentions).check();
    if (options.streams().areSeveral()) {
      FailingFeature.STREAMS.check(
          profile.release(), "num_residual_streams", options.streams().numResidualStreams());
    }
    if (options.attention().keyValues().flash()) {
      FailingFeature.FLASH.check(profile.release(), "attn_flash", true);
    }
    var skips = SkipConnections.of(config);
    var layers = layers(skips);
    return new StackPlan(
        config.dim(),
        layers,
        config.isCausal(),
        config.attendsToContext(),
        self(),
        cross(),
        options.feedForward().layer(config.dim(), profile),
        new StackMasks(
            profile.masks().keyMask(),
            profile.masks().ignoresKeyMask(),
            profile.masks().hasAttnMask(),
            profile.masks().hasStart(),
            config.layersClass() == StackKind.PREFIX_DECODER,
            profile.masks().normsMemories()),
        options.condition().condition(config.dim()),
        options.branches().injection(config.dim(), options.streams().areSeveral(), profile),
        end(),
        unused(layers, skips));
  }

  /**
   * Modules that are never executed, and the last norm of a stack that makes a norm for each layer.
   */
  private List<String> unused(List<LayerPlan> layers, SkipConnections skips) {
    var modules = new ArrayList<String>();
    var executed = layers.stream().map(LayerPlan::module).collect(Collectors.toSet());
    for (int i = 0; i < config.options().layout().builtLayers(config.layers().size()); i++) {
      if (!executed.contains(i)) {
        modules.add("layers." + i);
        if (config.options().streams().attnAggregatedResiduals()) {
          modules.add("layer_integrators." + i);
        }
        if (skips.sources().containsKey(i)) {
          modules.add("skip_combines." + i);
        }
      }
    }
    modules.addAll(unusedMixes(layers));
    if (config.options().attention().inputBiases().dataDependentAlibi()) {
      modules.add("rel_pos");
    }
    boolean isUnused =
        !layers.isEmpty()
            && !config.options().norms().preNorm()
            && !profile.norms().normsLastSum()
            && profile.keys().layerNorm(0).size() == 1;
    if (isUnused) {
      modules.add("layers.%s.0".formatted(layers.get(layers.size() - 1).module()));
    }
    return modules;
  }

  /** Modules that compute weights of values which are not used. */
  private List<String> unusedMixes(List<LayerPlan> layers) {
    var modules = new ArrayList<String>();
    var seen = EnumSet.noneOf(LayerKind.class);
    for (var layer : layers) {
      boolean isUsed = !seen.add(layer.kind()) && layer.valueMix() instanceof ValueMix.Learned;
      if (!isUsed
          && config
              .options()
              .valueResiduals()
              .hasWeights(layer.kind(), layer.module(), config, profile)) {
        modules.add(
            "layers.%s.1%s.to_value_residual_mix"
                .formatted(layer.module(), ".fn".repeat(layer.wrappers().size())));
      }
    }
    return modules;
  }

  private List<LayerPlan> layers(SkipConnections skips) {
    var options = config.options();
    int built = options.layout().builtLayers(config.layers().size());
    int executed = options.training().executedLayers(built);
    var planner = new LayerPlanner(config, profile, skips);
    var plans = new ArrayList<LayerPlan>();
    for (int module : config.order()) {
      if (module < executed) {
        plans.add(planner.plan(module, plans.size()));
      }
    }
    return plans;
  }

  private AttentionPlan self() {
    var options = config.options();
    var attention = options.attention();
    boolean attends = config.attendsToItself();
    if (attends) {
      attention.keyValues().checkSelfAttention(config.dim());
      attention.scores().checkSelective("attn_", config.isCausal());
      attention.inputBiases().checkCausal("attn_", config.isCausal(), profile);
      attention.inputBiases().checkBiases(options.biases());
    }
    return attention(selfSetting(), attends ? positions() : AttentionPlan.Positions.NONE)
        .withRotationOfHalves();
  }

  private AttentionPlan.Positions positions() {
    var options = config.options();
    var attention = options.attention();
    int heads = options.heads();
    var bias = options.biases().bias(heads, config.dim(), config.isCausal(), attention, profile);
    var polar = options.positions().polar(selfSetting(), options.rotary().isRotary());
    var rotary = options.rotary().embedding(heads, attention, profile);
    boolean isBiased = bias != null && !attention.inputBiases().dataDependentAlibi();
    return new AttentionPlan.Positions(
        isBiased ? bias : null,
        rotary,
        options.positions().infused(config.dim()),
        polar,
        profile.positions().passesPositionsOn() && (isBiased || rotary != null || polar != null));
  }

  private AttentionPlan cross() {
    var options = config.options();
    if (config.layers().contains(LayerKind.CROSS_ATTENTION)) {
      options.crossAttention().scores().checkSelective("cross_attn_", false);
      options.crossAttention().inputBiases().checkCross(profile);
      options.crossAttention().values().checkCrossAttention();
    }
    return attention(crossSetting(), AttentionPlan.Positions.NONE);
  }

  private AttentionPlan attention(AttentionSetting setting, AttentionPlan.Positions positions) {
    var attention = setting.options();
    return new AttentionPlan(
        setting.heads(),
        new AttentionParts(setting).compose(),
        distances(attention),
        positions,
        profile.masks().padding(),
        profile.masks().emptyRows(attention.keyValues().flash()));
  }

  private AttentionSetting selfSetting() {
    var options = config.options();
    var traits = EnumSet.noneOf(Trait.class);
    if (config.isCausal()) {
      traits.add(Trait.CAUSAL);
    }
    if (options.residualAttn()) {
      traits.add(Trait.ADDS_SCORES);
    }
    return setting(options.attention(), traits);
  }

  private AttentionSetting crossSetting() {
    var options = config.options();
    var traits = EnumSet.noneOf(Trait.class);
    if (options.crossResidualAttn()) {
      traits.add(Trait.ADDS_SCORES);
    }
    if (options.crossAttentionOnly().crossAttnInvertedAttention()) {
      traits.add(Trait.INVERTED);
    }
    return setting(options.crossAttention(), traits);
  }

  private AttentionSetting setting(AttentionOptions attention, EnumSet<Trait> traits) {
    var options = config.options();
    if (attention.qkNorm() || options.norms().former().useQkNormAttn()) {
      traits.add(Trait.NORMED);
    }
    return new AttentionSetting(config.dim(), options.heads(), traits, attention, profile);
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
        residuals.isDual()
            ? profile.norms().normsOuterResidualOnce()
            : norms.preNorm() && hasFinalNorm(norms.end());
    var streams = config.options().streams();
    return new StackEnd(
        streams.areSeveral()
            ? new ResidualStreams(
                streams.numResidualStreams(), config.dim(), profile.stack().normsStreams())
            : null,
        path == null || !hasNorm ? null : config.options().norm(path, config.dim(), profile),
        norms.end().clamp(profile),
        residuals.outer(profile));
  }

  private boolean hasFinalNorm(FinalNormOptions options) {
    var given = options.preNormHasFinalNorm();
    boolean isWanted = given == null ? config.layersClass() != StackKind.TRANSFORMER_BLOCK : given;
    return !options.preAndPostNorm() && (isWanted || !profile.norms().canOmitFinalNorm());
  }

  private void checkClass() {
    var kind = config.layersClass();
    boolean isPrefixDecoder = kind == StackKind.PREFIX_DECODER;
    if ((isPrefixDecoder && !profile.masks().hasPrefixDecoder())
        || (kind == StackKind.TRANSFORMER_BLOCK && !profile.wrappers().hasTransformerBlock())) {
      throw new ConfigException(
          "class '%s' does not exist in release %s of the library"
              .formatted(kind, profile.release()));
    }
    if (isPrefixDecoder && config.options().attention().numMemKv() > 0) {
      throw ConfigException.notAllowed(
          "attn_num_mem_kv",
          config.options().attention().numMemKv(),
          "0 in a PrefixDecoder, whose mask does not cover these keys");
    }
  }
}
