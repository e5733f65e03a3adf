package ai.transonnx.xtransformers;

import ai.transonnx.attention.ContextualPositions;
import ai.transonnx.attention.ContextualPositions.Weighing;
import ai.transonnx.attention.DistanceCurves;
import ai.transonnx.attention.ForgettingBias;
import ai.transonnx.attention.PairwiseForgettingBias;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.TalkingHeads;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.InputBiasProfile;
import java.util.ArrayList;
import java.util.List;

/** Composes the position biases that the library's {@code Attention} computes from its input. */
record InputBiasParts(AttentionSetting setting) {
  /** Biases of the scores before masks. */
  List<ScoreTransform> onScores() {
    var biases = new ArrayList<ScoreTransform>();
    if (options().dataDependentAlibi()) {
      biases.add(forgetting());
    }
    if (options().useRelProjPosBias()) {
      biases.add(curves());
    }
    return biases;
  }

  /** Biases of masked scores. */
  List<ScoreTransform> onMasked() {
    return options().useCope() ? List.of(contextual()) : List.of();
  }

  private InputBiasOptions options() {
    return setting.options().inputBiases();
  }

  private InputBiasProfile profile() {
    return setting.profile().inputBiases();
  }

  private int leading() {
    return setting.options().numMemKv() + setting.options().keyValues().zeroKeys();
  }

  private ScoreTransform forgetting() {
    if (setting.options().numMemKv() > 0 && !profile().forgettingAllowsMemory()) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'attn_data_dependent_alibi' in release %s"
              .formatted(setting.options().numMemKv(), setting.profile().release()));
    }
    double factor = options().alibiKeywords().postLogScale();
    return options().dataDependentAlibiPerRow()
        ? new PairwiseForgettingBias(
            setting.dim(),
            setting.heads(),
            options().dataDependentAlibiPerRowDimHead(),
            factor,
            leading())
        : new ForgettingBias(
            setting.dim(),
            setting.heads(),
            factor,
            profile().forgettingGates(),
            setting.causal(),
            leading());
  }

  private ScoreTransform curves() {
    if (setting.options().numMemKv() > 0) {
      throw new ConfigException(
          "'attn_num_mem_kv' is %s; it must be 0 with 'attn_use_rel_proj_pos_bias', whose bias the library extends by memory keys twice"
              .formatted(setting.options().numMemKv()));
    }
    return new DistanceCurves(
        setting.dim(),
        setting.heads(),
        options().relProjNumDistanceBasis(),
        options().relProjMaxDist(),
        leading());
  }

  private ScoreTransform contextual() {
    var cope = options().cope();
    if (cope.softOnehotPos() && profile().refusesWeighingAll()) {
      throw setting.raises("cope_soft_onehot_pos", true);
    }
    if (cope.talkingHeads() && profile().countsMaskedKeys()) {
      throw new ConfigException(
          "'attn_cope_talking_heads' is true; it must be false in release %s, which then counts masked keys"
              .formatted(setting.profile().release()));
    }
    boolean weighsAll = cope.softOnehotPos() || profile().alwaysWeighsAll();
    return new ContextualPositions(
        setting.options().dimHead(),
        cope.maxPos(),
        1 / setting.scoreScale(),
        cope.talkingHeads() ? new TalkingHeads("attend.cope.talking_heads", setting.heads()) : null,
        weighsAll ? Weighing.ALL : Weighing.NEAREST);
  }
}
