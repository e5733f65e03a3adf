package ai.transonnx.xtransformers;

import ai.transonnx.attention.Attention;
import ai.transonnx.attention.CollaborativeHeads;
import ai.transonnx.attention.CosineSimilarity;
import ai.transonnx.attention.CosineSimilarity.FeatureScales;
import ai.transonnx.attention.Entmax15;
import ai.transonnx.attention.HeadInputs;
import ai.transonnx.attention.HeadOutputs;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.HeadScale;
import ai.transonnx.attention.MemoryKeyValues;
import ai.transonnx.attention.OutputProjection;
import ai.transonnx.attention.OutputTransform;
import ai.transonnx.attention.QueryKeyTransform;
import ai.transonnx.attention.ScoreTransform;
import ai.transonnx.attention.Scores;
import ai.transonnx.attention.Softmax;
import ai.transonnx.attention.SparseTopK;
import ai.transonnx.attention.SparseTopK.Kept;
import ai.transonnx.attention.TensorProduct;
import ai.transonnx.attention.ValueGate;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.AttentionProfile.TopKRule;
import ai.transonnx.internal.xtransformers.Profile;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Composes the library's {@code Attention} from the parts that its options select.
 *
 * @param normed whether queries and keys are normalized
 */
record AttentionParts(
    long dim, int heads, boolean normed, AttentionOptions options, Profile profile) {
  Attention compose() {
    return new Attention(inputs(), scores(), outputs());
  }

  private HeadInputs inputs() {
    long keyFeatures = options.keyFeatures(heads);
    return new HeadInputs(
        query(),
        projection("to_k", keyHeads(), keyFeatures),
        value(),
        options.former().collabHeads() ? new CollaborativeHeads(heads, keyFeatures) : null,
        onQueriesAndKeys(),
        List.of(),
        memory());
  }

  private HeadProjection projection(String name, int projectedHeads, long headDim) {
    return new HeadProjection(name, dim, projectedHeads, headDim, 1);
  }

  /** Unless queries are normalized, the scale of the scores is folded into the queries' weight. */
  private HeadProjection query() {
    double scale = normed ? 1 : 1 / Math.sqrt(options.dimHead());
    int queryHeads = options.former().collabHeads() ? 1 : heads;
    return new HeadProjection("to_q", dim, queryHeads, options.keyFeatures(heads), scale);
  }

  private int keyHeads() {
    return options.oneKvHead() || options.former().collabHeads() ? 1 : heads;
  }

  private int valueHeads() {
    return options.oneKvHead() ? 1 : heads;
  }

  private @Nullable HeadProjection value() {
    return options.sharedKv() ? null : projection("to_v", valueHeads(), options.valueFeatures());
  }

  private List<QueryKeyTransform> onQueriesAndKeys() {
    if (!normed) {
      return List.of();
    }
    var attention = profile.attention();
    boolean scaled = options.qkNormDimScale();
    return List.of(
        new CosineSimilarity(
            options.qkNormGroups(),
            attention.normsMemoryInGroups() ? options.qkNormGroups() : 1,
            attention.similarityScale(heads, options.dimHead(), options.qkNormScale(), scaled),
            scaled ? attention.featureScales() : FeatureScales.NONE));
  }

  private @Nullable MemoryKeyValues memory() {
    return options.numMemKv() > 0
        ? new MemoryKeyValues(options.numMemKv(), heads, options.dimHead())
        : null;
  }

  private Scores scores() {
    var attention = profile.attention();
    boolean talks = options.talkingHeads();
    return new Scores(
        talks ? List.of(attention.talkingHeads("pre", heads)) : List.of(),
        topK(TopKRule.KEEPS_LEAST, Kept.BELOW_GREATEST),
        topK(TopKRule.KEEPS_GREATEST, Kept.GREATEST),
        options.former().useEntmax15() ? new Entmax15() : new Softmax(),
        talks ? List.of(attention.talkingHeads("post", heads)) : List.of());
  }

  private List<ScoreTransform> topK(TopKRule rule, Kept kept) {
    var count = options.sparseTopk();
    var valid = profile.attention().sparseTopk();
    if (count != null && valid == TopKRule.RAISES) {
      throw new ConfigException(
          "'attn_sparse_topk' is %s; release %s of the library raises an error with it"
              .formatted(count, profile.release()));
    }
    return count == null || rule != valid ? List.of() : List.of(new SparseTopK(count, kept));
  }

  private HeadOutputs outputs() {
    return new HeadOutputs(onHeads(), onFeatures(), projection());
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
    return options.gateValues() ? List.of(new ValueGate(dim, features(), gateBias())) : List.of();
  }

  private boolean gateBias() {
    return profile.attention().biasedGates();
  }

  private OutputProjection projection() {
    boolean omitted = heads == 1 && !options.onAttn() && profile.attention().omitsOutputOfOneHead();
    if (omitted && features() != dim) {
      throw new ConfigException(
          "'heads' is 1 and 'attn_dim_head' is %s; with one head it must be equal to 'dim', which is %s"
              .formatted(options.dimHead(), dim));
    }
    var kind =
        omitted
            ? OutputProjection.Kind.NONE
            : options.onAttn() ? OutputProjection.Kind.GATED : OutputProjection.Kind.LINEAR;
    return new OutputProjection(features(), dim, kind, profile.attention().biasedOutput());
  }

  private long features() {
    return (long) heads * options.valueFeatures();
  }
}
