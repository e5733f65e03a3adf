package ai.transonnx.xtransformers;

import ai.transonnx.attention.Entmax15;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.Scores;
import ai.transonnx.attention.Softmax;
import ai.transonnx.attention.SoftmaxOf;
import ai.transonnx.attention.SparseTopK;
import ai.transonnx.attention.SparseTopK.Kept;
import ai.transonnx.internal.xtransformers.AttentionProfile.TopKRule;
import java.util.List;

/** Composes the way from scores to attention weights of the library's {@code Attention}. */
record ScoreParts(AttentionSetting setting) {
  Scores compose() {
    var attention = setting.profile().attention();
    int heads = setting.heads();
    boolean talks = options().talkingHeads();
    return new Scores(
        talks ? List.of(attention.talkingHeads("pre", heads)) : List.of(),
        topK(TopKRule.KEEPS_LEAST, Kept.BELOW_GREATEST),
        topK(TopKRule.KEEPS_GREATEST, Kept.GREATEST),
        setting.addsScores() ? attention.carriedScores() : null,
        normalization(),
        talks ? List.of(attention.talkingHeads("post", heads)) : List.of());
  }

  private AttentionOptions options() {
    return setting.options();
  }

  private ScoreTransform normalization() {
    var softmax = options().former().useEntmax15() ? new Entmax15() : new Softmax();
    var greatest = topK(TopKRule.NORMALIZES_GREATEST, Kept.GREATEST);
    return greatest.isEmpty() ? softmax : new SoftmaxOf(greatest.get(0));
  }

  private List<ScoreTransform> topK(TopKRule rule, Kept kept) {
    var count = options().sparseTopk();
    var valid = setting.profile().attention().sparseTopk();
    if (count != null && valid == TopKRule.RAISES) {
      throw setting.raises("sparse_topk", count);
    }
    return count == null || rule != valid ? List.of() : List.of(new SparseTopK(count, kept));
  }
}
