package ai.transonnx.xtransformerspaddle;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.CollaborativeHeads;
import ai.transonnx.attention.CosineSimilarity;
import ai.transonnx.attention.Entmax15;
import ai.transonnx.attention.HeadMixing;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.HeadScale;
import ai.transonnx.attention.MemoryKeyValues;
import ai.transonnx.attention.OutputProjection;
import ai.transonnx.attention.OutputTransform;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.attention.Softmax;
import ai.transonnx.attention.SparseTopK;
import ai.transonnx.attention.ValueGate;
import java.util.List;

/**
 * Composes the library's {@code Attention} from the parts that its options select.
 *
 * @param normed whether queries and keys are normalized
 */
record AttentionParts(long dim, int heads, boolean normed, AttentionOptions options) {
  Attention compose() {
    long keyFeatures = options.keyFeatures(heads);
    int keyHeads = options.collabHeads() ? 1 : heads;
    double scale = normed ? 1 : 1 / Math.sqrt(options.dimHead());
    var topK = options.sparseTopk();
    return new Attention(
        new HeadProjection("to_q", dim, keyHeads, keyFeatures, scale),
        new HeadProjection("to_k", dim, keyHeads, keyFeatures, 1),
        new HeadProjection("to_v", dim, heads, options.dimHead(), 1),
        options.collabHeads() ? new CollaborativeHeads(heads, keyFeatures) : null,
        normed ? new CosineSimilarity(1, new SimilarityScale.Temperature(heads), false) : null,
        options.numMemKv() > 0
            ? new MemoryKeyValues(options.numMemKv(), heads, options.dimHead())
            : null,
        mixed("pre_softmax_proj"),
        topK == null ? List.of() : List.of(new SparseTopK(topK)),
        options.useEntmax15() ? new Entmax15() : new Softmax(),
        mixed("post_softmax_proj"),
        options.headScale() ? List.<OutputTransform>of(new HeadScale(heads)) : List.of(),
        options.gateValues() ? List.<OutputTransform>of(new ValueGate(dim, features())) : List.of(),
        new OutputProjection(features(), dim, options.onAttn(), true));
  }

  private List<ScoreTransform> mixed(String name) {
    return options.talkingHeads() ? List.of(new HeadMixing(name, heads)) : List.of();
  }

  private long features() {
    return (long) heads * options.dimHead();
  }
}
