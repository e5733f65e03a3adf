package ai.transonnx.xtransformers;

import ai.transonnx.attention.CollaborativeHeads;
import ai.transonnx.attention.CosineSimilarity;
import ai.transonnx.attention.CosineSimilarity.FeatureScales;
import ai.transonnx.attention.HeadInputs;
import ai.transonnx.attention.HeadProjection;
import ai.transonnx.attention.HeadRmsNorm;
import ai.transonnx.attention.MemoryKeyValues;
import ai.transonnx.attention.QueryKeyRmsNorm;
import ai.transonnx.attention.QueryKeyTransform;
import ai.transonnx.attention.SimilarityScale;
import ai.transonnx.attention.ValueRmsNorm;
import ai.transonnx.attention.ValueTransform;
import ai.transonnx.config.ConfigException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Composes queries, keys and values of the library's {@code Attention}. */
record InputParts(AttentionSetting setting) {
  HeadInputs compose() {
    int heads = setting.heads();
    long keyFeatures = options().keyFeatures(heads);
    return new HeadInputs(
        query(),
        keyProjection("to_k", setting.keyHeads() - options().latent().rotatedHeads(), keyFeatures),
        value(),
        options().latent().latents(setting.dim(), options().dimHead()),
        options().former().collabHeads() ? new CollaborativeHeads(heads, keyFeatures) : null,
        onQueriesAndKeys(),
        onValues(),
        memory(),
        setting.exponential(),
        options().keyValues().addZeroKv());
  }

  private AttentionOptions options() {
    return setting.options();
  }

  /** Whether queries are multiplied by the factor of the scores. */
  private boolean scalesQueries() {
    return !options().scores().l2Distance() && !options().values().qkRmsnorm();
  }

  /** Unless queries are normalized, the scale of the scores is folded into the queries' weight. */
  private HeadProjection query() {
    double scale = setting.normed() || !scalesQueries() ? 1 : setting.scoreScale();
    int heads = options().former().collabHeads() ? 1 : setting.heads();
    long features = options().keyFeatures(setting.heads());
    long dim = options().latent().queryDim(setting.dim());
    return new HeadProjection("to_q", dim, heads, features, scale);
  }

  private @Nullable HeadProjection value() {
    return options().sharedKv()
        ? null
        : keyProjection("to_v", setting.valueHeads(), options().valueFeatures());
  }

  private HeadProjection keyProjection(String name, int heads, long features) {
    long dim = options().latent().keyDim(setting.keyDim());
    return new HeadProjection(name, dim, heads, features, 1);
  }

  private List<ValueTransform> onValues() {
    if (!options().values().valueRmsnorm()) {
      return List.of();
    }
    int heads = setting.heads();
    if (setting.valueHeads() != heads || options().valueFeatures() != options().dimHead()) {
      throw new ConfigException(
          "'attn_value_rmsnorm' is true; it needs a value head of 'attn_dim_head' features for each of the %s heads"
              .formatted(heads));
    }
    return List.of(new ValueRmsNorm(new HeadRmsNorm(heads, options().dimHead())));
  }

  private List<QueryKeyTransform> onQueriesAndKeys() {
    var transforms = new ArrayList<QueryKeyTransform>();
    if (setting.normed()) {
      transforms.add(similarity());
    }
    if (options().values().qkRmsnorm() || options().values().kRmsnorm()) {
      transforms.add(rmsNorm());
    }
    return transforms;
  }

  private QueryKeyRmsNorm rmsNorm() {
    int dim = options().dimHead();
    double scale = options().scores().l2Distance() ? 1 : setting.scoreScale();
    return new QueryKeyRmsNorm(
        options().values().qkRmsnorm() ? new HeadRmsNorm(setting.heads(), dim, scale) : null,
        new HeadRmsNorm(setting.keyHeads(), dim));
  }

  private CosineSimilarity similarity() {
    var options = options();
    var attention = setting.profile().attention();
    if (attention.cubesSimilarityScale()) {
      throw new ConfigException(
          "'attn_qk_norm' is true; releases 2.17.1 to 2.25.4 multiply by the scale three times by"
              + " mistake, which is not supported");
    }
    boolean scaled = options.qkNormDimScale();
    return new CosineSimilarity(
        options.qkNormGroups(),
        attention.normsMemoryInGroups() ? options.qkNormGroups() : 1,
        scalesQueries() ? setting.similarityScale() : new SimilarityScale.Fixed(1),
        scaled ? attention.featureScales() : FeatureScales.NONE);
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
