package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.EmbeddingPlan;
import ai.transonnx.internal.xtransformers.LogitHead;
import ai.transonnx.internal.xtransformers.MemoryPlan;
import ai.transonnx.internal.xtransformers.OutputPlan;
import ai.transonnx.internal.xtransformers.Passes;
import ai.transonnx.internal.xtransformers.Pooling;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.TokenPlan;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code MultiInputTransformerWrapper}. Immutable. */
@Configuration
public record MultiInputTransformerWrapperConfig(
    @Option("name and vocabulary size of each input; input tokens.NAME, output logits.NAME")
        Map<String, Integer> numTokens,
    @Option("maximum sequence length; 0 for no position embeddings") int maxSeqLen,
    @Option("attention layers") AttentionLayersConfig attnLayers,
    @Option(value = "embedding dimension (default: dim)", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "maximum length of the Transformer-XL memory", defaultValue = "0")
        int maxMemLen,
    @Option(value = "number of layers by which memories are shifted down", defaultValue = "0")
        int shiftMemDown,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(value = "apply layer norm after the embeddings", defaultValue = "false")
        boolean postEmbNorm,
    @Option(value = "number of learned memory tokens before the sequence", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(
            value = "number of positions after which the memory tokens stand again",
            defaultValue = "null")
        @Nullable Integer memoryTokensInterspersedEvery,
    @Option(value = "output embeddings, without layers to logits", defaultValue = "false")
        boolean returnOnlyEmbed,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(value = "sinusoidal position embeddings with a learned scale", defaultValue = "false")
        boolean scaledSinuPosEmb,
    @Option(
            value = "fraction of the gradient that reaches the embeddings",
            defaultValue = "1.0",
            trainingOnly = true)
        double embFracGradient,
    @Option(
            value = "weight of a loss of attention scores",
            defaultValue = "0.0001",
            trainingOnly = true)
        double attnZLossWeight) {
  private static final int MAX = 1 << 24;

  public MultiInputTransformerWrapperConfig {
    numTokens = Collections.unmodifiableMap(new LinkedHashMap<>(numTokens));
    TokenTables.check("num_tokens", numTokens);
    if (numTokens.isEmpty()) {
      throw ConfigException.notAllowed("num_tokens", "empty", "one or more names with sizes");
    }
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
    if (memoryTokensInterspersedEvery != null) {
      Ranges.checkInteger(
          "memory_tokens_interspersed_every", memoryTokensInterspersedEvery, 1, MAX);
      TokenTables.checkInterspersed(attnLayers, memoryTokensInterspersedEvery);
    }
    if (!(embFracGradient > 0)) {
      throw ConfigException.notAllowed("emb_frac_gradient", embFracGradient, "above 0");
    }
  }

  /**
   * Checks these options against a release.
   *
   * @throws ConfigException if the release refuses a value
   */
  void check(Profile profile) {
    plan(profile);
  }

  /** The wrapper that these options describe. */
  TokenPlan plan(Profile profile) {
    int dim = attnLayers.dim();
    int features = embDim == null ? dim : embDim;
    var positions = new WrapperPositions(maxSeqLen, useAbsPosEmb, scaledSinuPosEmb, attnLayers);
    return new TokenPlan(
        attnLayers.plan(profile),
        maxSeqLen,
        new EmbeddingPlan(
            TokenTables.of("tokens.", numTokens),
            features,
            false,
            null,
            null,
            positions.embedding(features, false, profile),
            postEmbNorm ? profile.norms().layerNorm(features) : null),
        MemoryPlan.of(numMemoryTokens, maxMemLen, shiftMemDown, true)
            .interspersed(memoryTokensInterspersedEvery),
        Passes.ONE,
        new OutputPlan(
            profile.norms().wrapperNorm(dim), new Pooling.None(), 0, false, heads(), List.of()),
        profile.wrappers().tokenInputs());
  }

  private List<LogitHead> heads() {
    var heads = new ArrayList<LogitHead>();
    if (!returnOnlyEmbed) {
      numTokens.forEach(
          (name, count) -> {
            var projection = new LogitHead.Projection(List.of("to_logits", name), count, false);
            heads.add(new LogitHead("logits." + name, projection, false));
          });
    }
    return heads;
  }

  /** A builder with the library's defaults. */
  public static MultiInputTransformerWrapperConfigBuilder builder() {
    return new MultiInputTransformerWrapperConfigBuilder();
  }
}
