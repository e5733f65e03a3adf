package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Configuration;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.EmbeddingPlan;
import ai.transonnx.internal.xtransformers.LogitHead;
import ai.transonnx.internal.xtransformers.MemoryPlan;
import ai.transonnx.internal.xtransformers.NumberToken;
import ai.transonnx.internal.xtransformers.OutputPlan;
import ai.transonnx.internal.xtransformers.Passes;
import ai.transonnx.internal.xtransformers.Pooling;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.SideHead;
import ai.transonnx.internal.xtransformers.TokenPlan;
import ai.transonnx.internal.xtransformers.TokenTable;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The keyword arguments of {@code XValTransformerWrapper}. Immutable. */
@Configuration
public record XValTransformerWrapperConfig(
    @Option("vocabulary size") int numTokens,
    @Option("maximum sequence length") int maxSeqLen,
    @Option("index of the token that stands for numbers") int numericalTokenId,
    @Option("attention layers") AttentionLayersConfig attnLayers,
    @Option(value = "embedding dimension, which must be dim", defaultValue = "null")
        @Nullable Integer embDim,
    @Option(value = "number of logits (default: num_tokens)", defaultValue = "null")
        @Nullable Integer logitsDim,
    @Option(value = "use the token embeddings as output projection", defaultValue = "false")
        boolean tieEmbedding,
    @Option(value = "length of the Transformer-XL memory", defaultValue = "0") int maxMemLen,
    @Option(value = "number of learned memory tokens before the sequence", defaultValue = "null")
        @Nullable Integer numMemoryTokens,
    @Option(value = "dropout of the embeddings", defaultValue = "0.0", trainingOnly = true)
        double embDropout,
    @Option(
            value = "add absolute position embeddings, unless the layers encode positions",
            defaultValue = "true")
        boolean useAbsPosEmb,
    @Option(value = "sinusoidal position embeddings with a learned scale", defaultValue = "false")
        boolean scaledSinuPosEmb) {
  private static final int MAX = 1 << 24;

  public XValTransformerWrapperConfig {
    Ranges.checkInteger("num_tokens", numTokens, 1, MAX);
    Ranges.checkInteger("max_seq_len", maxSeqLen, 1, MAX);
    Ranges.checkInteger("numerical_token_id", numericalTokenId, 0, numTokens - 1L);
    Ranges.checkInteger("max_mem_len", maxMemLen, 0, MAX);
    Ranges.checkProbability("emb_dropout", embDropout);
    if (embDim != null && embDim != attnLayers.dim()) {
      throw ConfigException.notAllowed(
          "emb_dim", embDim, "equal to 'dim', which is " + attnLayers.dim());
    }
    if (logitsDim != null) {
      Ranges.checkInteger("logits_dim", logitsDim, 1, MAX);
    }
    if (numMemoryTokens != null) {
      Ranges.checkInteger("num_memory_tokens", numMemoryTokens, 0, MAX);
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
    var positions = new WrapperPositions(maxSeqLen, useAbsPosEmb, scaledSinuPosEmb, attnLayers);
    return new TokenPlan(
        attnLayers.plan(profile),
        maxSeqLen,
        new EmbeddingPlan(
            List.of(new TokenTable("tokens", profile.keys().tokenTable(), numTokens)),
            dim,
            false,
            new NumberToken("x_num", numericalTokenId),
            null,
            positions.embedding(dim, false, profile),
            null),
        MemoryPlan.of(numMemoryTokens, maxMemLen, 0, false),
        Passes.ONE,
        new OutputPlan(
            profile.norms().wrapperNorm(dim),
            new Pooling.None(),
            0,
            false,
            List.of(new LogitHead("logits", tieEmbedding ? null : logits(), false)),
            List.of(SideHead.NUMBER)),
        profile.wrappers().numberInputs());
  }

  private LogitHead.Projection logits() {
    int count = logitsDim == null ? numTokens : logitsDim;
    return new LogitHead.Projection(List.of("to_logits"), count, true);
  }

  /** A builder with the library's defaults. */
  public static XValTransformerWrapperConfigBuilder builder() {
    return new XValTransformerWrapperConfigBuilder();
  }
}
