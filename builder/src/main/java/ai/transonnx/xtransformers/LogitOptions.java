package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import ai.transonnx.internal.xtransformers.LogitHead;
import ai.transonnx.internal.xtransformers.SideHead;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The options of logits and of other outputs. Immutable. */
public record LogitOptions(
    @Option(value = "use the token embeddings as output projection", defaultValue = "false")
        boolean tieEmbedding,
    @Option(
            value = "number of logits (default: num_tokens)",
            defaultValue = "null",
            since = "1.7.1")
        @Nullable Integer logitsDim,
    @Option(value = "number of layers to logits", defaultValue = "1", since = "1.28.5")
        int numOutputHeads,
    @Option(
            value = "output embeddings, without a layer to logits",
            defaultValue = "false",
            since = "1.32.4")
        boolean returnOnlyEmbed,
    @Option(
            value = "remove the axis of logits if there is one logit",
            defaultValue = "false",
            since = "1.32.11")
        boolean squeezeOutLastDim,
    @Option(
            value = "mix several distributions; logits are logarithms of probabilities",
            defaultValue = "false",
            since = "1.37.0")
        boolean mixtureOfSoftmax,
    @Option(value = "number of distributions of a mixture", defaultValue = "4", since = "1.37.0")
        int mixtureOfSoftmaxK,
    @Option(
            value = "add the logarithm of their sigmoid to logits",
            defaultValue = "false",
            since = "1.37.3")
        boolean sigsoftmaxLogits,
    @Option(
            value = "a layer that predicts the next embedding",
            defaultValue = "false",
            since = "2.3.22")
        boolean addContinuousPredHead) {
  private static final int MAX = 1 << 24;

  public LogitOptions {
    if (logitsDim != null) {
      Ranges.checkInteger("logits_dim", logitsDim, 1, MAX);
    }
    Ranges.checkInteger("num_output_heads", numOutputHeads, 1, 1 << 10);
    Ranges.checkInteger("mixture_of_softmax_k", mixtureOfSoftmaxK, 1, 1 << 10);
    if (mixtureOfSoftmax && numOutputHeads > 1) {
      throw ConfigException.notAllowed(
          "num_output_heads", numOutputHeads, "1 with 'mixture_of_softmax'");
    }
    if ((sigsoftmaxLogits || tieEmbedding) && numOutputHeads > 1) {
      throw ConfigException.notAllowed(
          "num_output_heads", numOutputHeads, "1 with 'sigsoftmax_logits' or 'tie_embedding'");
    }
    if (returnOnlyEmbed && (mixtureOfSoftmax || sigsoftmaxLogits || squeezeOutLastDim)) {
      throw ConfigException.notAllowed(
          "return_only_embed",
          true,
          "false with options of logits, which need the layer to logits");
    }
  }

  /** The heads that compute logits. Tied to the token embeddings, there is one. */
  List<LogitHead> heads(int numTokens, boolean biased) {
    if (returnOnlyEmbed) {
      return List.of();
    }
    int count = logitsDim == null || tieEmbedding ? numTokens : logitsDim;
    boolean squeezed = squeezeOutLastDim && count == 1;
    if (tieEmbedding) {
      return List.of(new LogitHead("logits", null, squeezed));
    }
    if (numOutputHeads == 1) {
      var projection = new LogitHead.Projection(List.of("to_logits"), count, biased);
      return List.of(new LogitHead("logits", projection, squeezed));
    }
    var heads = new ArrayList<LogitHead>();
    for (int i = 0; i < numOutputHeads; i++) {
      var path = List.of("to_logits", Integer.toString(i));
      var projection = new LogitHead.Projection(path, count, biased);
      heads.add(new LogitHead("logits_" + i, projection, squeezed));
    }
    return heads;
  }

  /** The number of distributions that are mixed; 0 for one that is not mixed. */
  int mixture() {
    return mixtureOfSoftmax ? mixtureOfSoftmaxK : 0;
  }

  /** The other outputs. */
  List<SideHead> others() {
    return addContinuousPredHead ? List.of(SideHead.NEXT_EMBEDDING) : List.of();
  }
}
