package ai.transonnx.xtransformers;

import ai.transonnx.attention.AddedHeads;
import ai.transonnx.attention.Entmax15;
import ai.transonnx.attention.HardAttention;
import ai.transonnx.attention.InSequence;
import ai.transonnx.attention.InvertedSoftmax;
import ai.transonnx.attention.LimitedScores;
import ai.transonnx.attention.Normalization;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.Scores;
import ai.transonnx.attention.SelectiveAttention;
import ai.transonnx.attention.SigSoftmaxScores;
import ai.transonnx.attention.SigmoidWeights;
import ai.transonnx.attention.Softmax;
import ai.transonnx.attention.SparseTopK;
import ai.transonnx.attention.SparseTopK.Kept;
import ai.transonnx.attention.TalkingHeads;
import ai.transonnx.attention.WeightsTimesScores;
import ai.transonnx.internal.xtransformers.AttentionProfile;
import ai.transonnx.internal.xtransformers.AttentionProfile.TopKRule;
import ai.transonnx.layer.SoftClamp;
import java.util.ArrayList;
import java.util.List;

/** Composes the way from scores to attention weights of the library's {@code Attention}. */
record ScoreParts(AttentionSetting setting) {
  Scores compose() {
    return new Scores(
        setting.squaredDistance(),
        onScores(),
        onBiased(),
        onMasked(),
        setting.addsScores() ? attention().carriedScores() : null,
        normalization(),
        onWeights());
  }

  private AttentionOptions options() {
    return setting.options();
  }

  private ScoreOptions scores() {
    return options().scores();
  }

  private AttentionProfile attention() {
    return setting.profile().attention();
  }

  private ScoreTransform talkingHeads(String when) {
    return attention().talkingHeads(when, setting.heads());
  }

  private List<ScoreTransform> onScores() {
    var transforms = new ArrayList<ScoreTransform>();
    if (options().talkingHeads()) {
      transforms.add(talkingHeads("pre"));
    } else if (scores().preTalkingHeads()) {
      transforms.add(new AddedHeads(talkingHeads("pre")));
    }
    transforms.addAll(new InputBiasParts(setting).onScores());
    return transforms;
  }

  private List<ScoreTransform> onBiased() {
    var transforms = new ArrayList<ScoreTransform>();
    var limit = scores().limit(attention());
    if (limit != null && !attention().limitsMaskedScores()) {
      transforms.add(new LimitedScores(new SoftClamp(limit)));
    }
    transforms.addAll(topK(TopKRule.KEEPS_LEAST, Kept.BELOW_GREATEST));
    return transforms;
  }

  private List<ScoreTransform> onMasked() {
    var transforms = new ArrayList<>(topK(TopKRule.KEEPS_GREATEST, Kept.GREATEST));
    transforms.addAll(new InputBiasParts(setting).onMasked());
    if (scores().selective()) {
      transforms.add(new SelectiveAttention());
    }
    var limit = scores().limit(attention());
    if (limit != null && attention().limitsMaskedScores()) {
      transforms.add(new LimitedScores(new SoftClamp(limit)));
    }
    return transforms;
  }

  private Normalization normalization() {
    var sinks = scores().headLearnedSink() ? (Integer) setting.heads() : null;
    var function =
        scores().sigsoftmax() ? new InSequence(new SigSoftmaxScores(), function()) : function();
    return new Normalization(function, scores().cogSigned(), sinks);
  }

  private ScoreTransform function() {
    if (setting.inverted()) {
      return new InvertedSoftmax();
    }
    if (scores().sigmoid()) {
      return new SigmoidWeights();
    }
    if (scores().hard()) {
      return new HardAttention();
    }
    if (options().former().useEntmax15()) {
      return new Entmax15();
    }
    var greatest = topK(TopKRule.NORMALIZES_GREATEST, Kept.GREATEST);
    return greatest.isEmpty() ? new Softmax() : new InSequence(greatest.get(0), new Softmax());
  }

  private List<ScoreTransform> onWeights() {
    var transforms = new ArrayList<ScoreTransform>();
    if (options().talkingHeads() || scores().postTalkingHeads()) {
      transforms.add(talkingHeads("post"));
    }
    if (scores().preScalePostTalkingHeads()) {
      transforms.add(
          new WeightsTimesScores(
              new TalkingHeads("attend.pre_scale_post_talking_heads", setting.heads())));
    }
    return transforms;
  }

  private List<ScoreTransform> topK(TopKRule rule, Kept kept) {
    var count = options().sparseTopk();
    var valid = attention().sparseTopk();
    if (count != null && valid == TopKRule.RAISES) {
      throw setting.raises("sparse_topk", count);
    }
    return count == null || rule != valid ? List.of() : List.of(new SparseTopK(count, kept));
  }
}
