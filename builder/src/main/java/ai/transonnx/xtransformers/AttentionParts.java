package ai.transonnx.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.CosineSimilarity;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.HeadScale;
import ai.transonnx.attention.MemoryKeyValues;
import ai.transonnx.attention.OutputProjection;
import ai.transonnx.attention.OutputTransform;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.attention.Softmax;
import ai.transonnx.attention.SparseTopK;
import ai.transonnx.attention.TalkingHeads;
import ai.transonnx.attention.TensorProduct;
import ai.transonnx.attention.ValueGate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes the library's {@code Attention} from the parts that its options select. */
record AttentionParts(long dim, int heads, AttentionOptions options) {
  Attention compose() {
    return new Attention(
        query(),
        projection("to_k", keyHeads(), options.dimHead()),
        value(),
        null,
        similarity(),
        memory(),
        onScores(),
        onBiasedScores(),
        new Softmax(),
        onWeights(),
        onHeads(),
        onFeatures(),
        new OutputProjection(features(), dim, options.onAttn(), false));
  }

  private HeadProjection projection(String name, int projectedHeads, long headDim) {
    return new HeadProjection(name, dim, projectedHeads, headDim, 1);
  }

  /** Unless queries are normalized, the scale of the scores is folded into the queries' weight. */
  private HeadProjection query() {
    double scale = options.qkNorm() ? 1 : 1 / Math.sqrt(options.dimHead());
    return new HeadProjection("to_q", dim, heads, options.dimHead(), scale);
  }

  private int keyHeads() {
    return options.oneKvHead() ? 1 : heads;
  }

  private @Nullable HeadProjection value() {
    return options.sharedKv() ? null : projection("to_v", keyHeads(), options.valueFeatures());
  }

  private @Nullable CosineSimilarity similarity() {
    return options.qkNorm()
        ? new CosineSimilarity(
            options.qkNormGroups(),
            new SimilarityScale.Fixed(options.qkNormScale()),
            options.qkNormDimScale())
        : null;
  }

  private @Nullable MemoryKeyValues memory() {
    return options.numMemKv() > 0
        ? new MemoryKeyValues(options.numMemKv(), heads, options.dimHead())
        : null;
  }

  private List<ScoreTransform> onScores() {
    return options.talkingHeads()
        ? List.of(new TalkingHeads("pre_softmax_talking_heads", heads))
        : List.of();
  }

  private List<ScoreTransform> onBiasedScores() {
    var topK = options.sparseTopk();
    return topK == null ? List.of() : List.of(new SparseTopK(topK));
  }

  private List<ScoreTransform> onWeights() {
    return options.talkingHeads()
        ? List.of(new TalkingHeads("post_softmax_talking_heads", heads))
        : List.of();
  }

  private List<OutputTransform> onHeads() {
    var transforms = new ArrayList<OutputTransform>();
    if (options.tensorProduct()) {
      transforms.add(new TensorProduct(projection("to_r", keyHeads(), options.valueFeatures())));
    }
    if (options.headScale()) {
      transforms.add(new HeadScale(heads));
    }
    return transforms;
  }

  private List<OutputTransform> onFeatures() {
    return options.gateValues() ? List.of(new ValueGate(dim, features())) : List.of();
  }

  private long features() {
    return (long) heads * options.valueFeatures();
  }
}
