package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.config.OptionGroup;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.DeepEmbedding;
import ai.transonnx.internal.xtransformers.EmbeddingPlan;
import ai.transonnx.internal.xtransformers.FailingFeature;
import ai.transonnx.internal.xtransformers.MemoryPlan;
import ai.transonnx.internal.xtransformers.OutputPlan;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.TokenPlan;
import ai.transonnx.internal.xtransformers.TokenTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code TransformerWrapper}. Immutable. */
@Configuration
public record TransformerWrapperConfig(
    @Option("vocabulary size") int numTokens,
    @Option("maximum sequence length; 0 is unlimited, unless positions have learned embeddings")
        int maxSeqLen,
    @Option("attention layers") AttentionLayersConfig attnLayers,
    @Option(value = "embedding dimension (default: dim)", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "maximum length of the Transformer-XL memory", defaultValue = "0")
        int maxMemLen,
    @Option(
            value = "number of layers by which memories are shifted down",
            defaultValue = "0",
            since = "0.19.0")
        int shiftMemDown,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "apply layer norm after the embeddings",
            defaultValue = "false",
            since = "0.29.0")
        boolean postEmbNorm,
    @Option(value = "number of learned memory tokens before the sequence", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @OptionGroup LogitOptions logits,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true",
            former = "use_pos_emb",
            renamed = "0.25.8")
        boolean useAbsPosEmb,
    @Option(
            value = "sinusoidal position embeddings with a learned scale",
            defaultValue = "false",
            since = "1.6.2")
        boolean scaledSinuPosEmb,
    @Option(value = "l2-normalize the embeddings", defaultValue = "false", since = "0.24.0")
        boolean l2normEmbed,
    @Option(
            value = "fraction of the gradient that reaches the embeddings",
            defaultValue = "1.0",
            trainingOnly = true,
            since = "0.32.2")
        double embFracGradient,
    @Option(
            value = "AutoregressiveWrapper: fraction of masked tokens",
            defaultValue = "0.0",
            trainingOnly = true,
            since = "1.2.0")
        double maskProb,
    @OptionGroup TokenEmbeddingOptions further,
    @OptionGroup PoolingOptions pooling,
    @OptionGroup PassOptions passes) {
  private static final int MAX = 1 << 24;

  public TransformerWrapperConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("max_seq_len", maxSeqLen, 0, MAX);
    Ranges.checkInteger("max_mem_len", maxMemLen, 0, MAX);
    Ranges.checkInteger("shift_mem_down", shiftMemDown, 0, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (embDim != null) {
      Ranges.checkInteger("emb_dim", embDim, 1, MAX);
    }
    if (numMemoryTokens != null) {
      Ranges.checkInteger("num_memory_tokens", numMemoryTokens, 0, MAX);
    }
    if (!(embFracGradient > 0)) {
      throw ConfigException.notAllowed("emb_frac_gradient", embFracGradient, "above 0");
    }
    Ranges.checkMaskProb("mask_prob", maskProb);
    int features = embDim == null ? attnLayers.dim() : embDim;
    if (logits.tieEmbedding() && features != attnLayers.dim()) {
      throw new ConfigException(
          "'emb_dim' is %s; with 'tie_embedding' it must be equal to 'dim', which is %s"
              .formatted(features, attnLayers.dim()));
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    if (maxMemLen > 0) {
      FailingFeature.MEMORIES.check(profile.release(), "max_mem_len", maxMemLen);
    }
    plan(profile);
  }

  /** The wrapper that these options describe. */
  TokenPlan plan(Profile profile) {
    int features = embDim == null ? attnLayers.dim() : embDim;
    var positions = new WrapperPositions(maxSeqLen, useAbsPosEmb, scaledSinuPosEmb, attnLayers);
    var wrappers = profile.wrappers();
    return new TokenPlan(
        attnLayers.plan(profile),
        maxSeqLen,
        new EmbeddingPlan(
            tables(profile),
            features,
            l2normEmbed,
            null,
            further.ffDeepEmbed() ? deepEmbedding() : null,
            positions.embedding(features, l2normEmbed, profile),
            postEmbNorm ? profile.norms().layerNorm(features) : null),
        memory(),
        passes.plan(attnLayers),
        new OutputPlan(
            profile.norms().wrapperNorm(attnLayers.dim()),
            pooling.plan(attnLayers, profile),
            logits.mixture(),
            logits.sigsoftmaxLogits(),
            logits.heads(numTokens, wrappers.biasedLogits()),
            logits.others()),
        wrappers.tokenInputs());
  }

  private MemoryPlan memory() {
    var memory = MemoryPlan.of(numMemoryTokens, maxMemLen, shiftMemDown, true);
    var every = further.memoryTokensInterspersedEvery();
    if (every != null && memory.tokens() > 0) {
      TokenTables.checkInterspersed(attnLayers, every);
      if (pooling.useClsToken()) {
        throw ConfigException.notAllowed(
            "use_cls_token", true, "false with 'memory_tokens_interspersed_every'");
      }
    }
    return memory.interspersed(every);
  }

  private DeepEmbedding deepEmbedding() {
    if (pooling.useClsToken() || (numMemoryTokens != null && numMemoryTokens > 0)) {
      throw ConfigException.notAllowed(
          "ff_deep_embed",
          true,
          "false with memory tokens or class tokens, which it does not cover");
    }
    var depth = attnLayers.options().depth();
    if (depth == null) {
      throw ConfigException.notAllowed("ff_deep_embed", true, "false without 'depth'");
    }
    return new DeepEmbedding(numTokens, depth, attnLayers.dim());
  }

  private List<TokenTable> tables(Profile profile) {
    var tables = new ArrayList<TokenTable>();
    tables.add(new TokenTable("tokens", profile.keys().tokenTable(), numTokens));
    tables.addAll(further.tables());
    return tables;
  }

  /** A builder with the library's defaults. */
  public static TransformerWrapperConfigBuilder builder() {
    return new TransformerWrapperConfigBuilder();
  }
}
