package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.AttentionPool;
import ai.transonnx.internal.xtransformers.Pooling;
import ai.transonnx.internal.xtransformers.Profile;
import org.jspecify.annotations.Nullable;

/** The options that combine the embeddings of all positions. Immutable. */
public record PoolingOptions(
    @Option(
            value = "mean of the embeddings of all positions, in place of each of them",
            defaultValue = "false",
            since = "1.32.9")
        boolean averagePoolEmbed,
    @Option(
            value = "learned class tokens before the sequence, whose embeddings are the result",
            defaultValue = "false",
            since = "1.32.10")
        boolean useClsToken,
    @Option(value = "number of class tokens", defaultValue = "1", since = "1.40.9")
        int numClsTokens,
    @Option(
            value = "learned queries that attend to all positions",
            defaultValue = "false",
            since = "2.5.0")
        boolean attnPool,
    @Option(value = "number of learned queries", defaultValue = "1", since = "2.5.0")
        int numPooledTokens,
    @Option(
            value = "number of layers of the queries; 1 is attention alone",
            defaultValue = "1",
            since = "2.5.0")
        int attnPoolDepth,
    @Option(
            value = "dimension of the queries (default: dim)",
            defaultValue = "null",
            since = "2.5.0")
        @Nullable Integer dimPooledTokens) {
  private static final int MAX = 1 << 24;

  public PoolingOptions {
    Ranges.checkInteger("num_cls_tokens", numClsTokens, 1, MAX);
    Ranges.checkInteger("num_pooled_tokens", numPooledTokens, 1, MAX);
    Ranges.checkDepth("attn_pool_depth", attnPoolDepth, 1);
    if (dimPooledTokens != null) {
      Ranges.checkInteger("dim_pooled_tokens", dimPooledTokens, 1, MAX);
    }
    if ((averagePoolEmbed && useClsToken) || (attnPool && (averagePoolEmbed || useClsToken))) {
      throw new ConfigException(
          "set only one of 'average_pool_embed', 'use_cls_token' and 'attn_pool'");
    }
  }

  /** The pooling of a wrapper with these layers. */
  Pooling plan(AttentionLayersConfig layers, Profile profile) {
    if (averagePoolEmbed) {
      return new Pooling.Mean();
    }
    if (useClsToken) {
      boolean flat = profile.wrappers().hasFlatClassToken();
      return new Pooling.ClassTokens(numClsTokens, layers.dim(), flat);
    }
    return attnPool ? new Pooling.Attended(pool(layers, profile)) : new Pooling.None();
  }

  private AttentionPool pool(AttentionLayersConfig layers, Profile profile) {
    boolean likeLayers = profile.wrappers().poolsLikeLayers();
    var options = layers.options();
    var pooler =
        AttentionLayersConfig.crossAttender()
            .dim(dimPooledTokens == null ? layers.dim() : dimPooledTokens)
            .depth(attnPoolDepth)
            .heads(likeLayers ? options.heads() : 8)
            .attnDimHead(likeLayers ? options.attention().dimHead() : 64)
            .crossAttnDimContext(layers.dim())
            .build();
    return new AttentionPool(numPooledTokens, pooler.plan(profile), attnPoolDepth > 1);
  }
}
