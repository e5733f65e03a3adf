package ai.transonnx.xtransformers;

import ai.transonnx.attention.CollaborativeHeads;
import ai.transonnx.attention.CosineSimilarity;
import ai.transonnx.attention.CosineSimilarity.FeatureScales;
import ai.transonnx.attention.HeadInputs;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.MemoryKeyValues;
import ai.transonnx.attention.QueryKeyTransform;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.config.ConfigException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes queries, keys and values of the library's {@code Attention}. */
record InputParts(AttentionSetting setting) {
  HeadInputs compose() {
    int heads = setting.heads();
    long keyFeatures = options().keyFeatures(heads);
    return new HeadInputs(
        query(),
        keyProjection("to_k", setting.keyHeads(), keyFeatures),
        value(),
        options().former().collabHeads() ? new CollaborativeHeads(heads, keyFeatures) : null,
        onQueriesAndKeys(),
        List.of(),
        memory(),
        options().keyValues().addZeroKv());
  }

  private AttentionOptions options() {
    return setting.options();
  }

  /** Whether queries are multiplied by the factor of the scores. */
  private boolean scalesQueries() {
    return !options().scores().l2Distance();
  }

  /** Unless queries are normalized, the scale of the scores is folded into the queries' weight. */
  private HeadProjection query() {
    double scale = setting.normed() || !scalesQueries() ? 1 : setting.scoreScale();
    int heads = options().former().collabHeads() ? 1 : setting.heads();
    long features = options().keyFeatures(setting.heads());
    return new HeadProjection("to_q", setting.dim(), heads, features, scale);
  }

  private @Nullable HeadProjection value() {
    return options().sharedKv()
        ? null
        : keyProjection("to_v", setting.valueHeads(), options().valueFeatures());
  }

  private HeadProjection keyProjection(String name, int heads, long features) {
    return new HeadProjection(name, setting.keyDim(), heads, features, 1);
  }

  private List<QueryKeyTransform> onQueriesAndKeys() {
    if (!setting.normed()) {
      return List.of();
    }
    var options = options();
    var attention = setting.profile().attention();
    if (attention.cubesSimilarityScale()) {
      throw new ConfigException(
          "'attn_qk_norm' is true; releases 2.17.1 to 2.25.4 multiply by the scale three times by"
              + " mistake, which is not supported");
    }
    boolean scaled = options.qkNormDimScale();
    return List.of(
        new CosineSimilarity(
            options.qkNormGroups(),
            attention.normsMemoryInGroups() ? options.qkNormGroups() : 1,
            scalesQueries() ? setting.similarityScale() : new SimilarityScale.Fixed(1),
            scaled ? attention.featureScales() : FeatureScales.NONE));
  }

  private @Nullable MemoryKeyValues memory() {
    int count = options().numMemKv();
    if (count == 0) {
      return null;
    }
    int heads = setting.keyHeads();
    if (heads < setting.heads() && !setting.profile().attention().memoryHasKeyHeads()) {
      throw new ConfigException(
          "'num_mem_kv' is %s; it must be 0 with '%s', since each head has its own memory keys and values"
              .formatted(count, options().oneKvHead() ? "one_kv_head" : "kv_heads"));
    }
    return new MemoryKeyValues(count, heads, options().dimHead());
  }
}
