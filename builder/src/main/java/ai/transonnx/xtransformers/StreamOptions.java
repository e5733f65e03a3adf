package ai.transonnx.xtransformers;

import ai.transonnx.config.ConfigException;
import ai.transonnx.config.Option;
import ai.transonnx.internal.config.Ranges;
import org.jspecify.annotations.Nullable;

/**
 * The options of the values between layers: several streams, aggregated layers and other residuals.
 * Immutable.
 */
public record StreamOptions(
    @Option(
            value = "number of residual streams; more than 1 makes hyper-connections",
            defaultValue = "1",
            since = "1.43.0")
        int numResidualStreams,
    @Option(
            value = "keyword arguments of the residual connections",
            defaultValue = "null",
            since = "1.43.1")
        @Nullable ResidualKeywords residualFnKwargs,
    @Option(
            value = "normalizations of the mix of streams; no effect, since all its factors are 1",
            defaultValue = "5",
            trainingOnly = true,
            since = "2.14.2")
        int hyperConnSinkhornIters,
    @Option(
            value = "different inputs of queries, keys and values",
            defaultValue = "false",
            since = "1.44.8")
        boolean qkvReceiveDiffResiduals,
    @Option(
            value = "Layer-Integrated Memory (LIMe): layers also see the inputs of earlier layers",
            defaultValue = "false",
            since = "2.1.1")
        boolean integrateLayers,
    @Option(
            value = "softmax of the weights of earlier layers, not a rectified linear unit",
            defaultValue = "true",
            since = "2.1.1")
        boolean layerIntegrateUseSoftmax,
    @Option(
            value = "layers attend to the inputs of all layers so far",
            defaultValue = "false",
            since = "2.17.7")
        boolean attnAggregatedResiduals,
    @Option(
            value = "queries of attn_aggregated_residuals from the last layer, not learned ones",
            defaultValue = "false",
            since = "2.17.7")
        boolean attnResidualsLastOutputAsQuery,
    @Option(
            value = "add only what is orthogonal to the residual, over all positions together",
            defaultValue = "false",
            since = "2.18.9")
        boolean orthogResidual,
    @Option(
            value = "residuals with factors of their own for means over positions",
            defaultValue = "false",
            since = "2.19.1")
        boolean mvSplitResidual) {
  private static final int MAX_STREAMS = 1 << 8;

  public StreamOptions {
    Ranges.checkInteger("num_residual_streams", numResidualStreams, 1, MAX_STREAMS);
    Ranges.checkInteger("hyper_conn_sinkhorn_iters", hyperConnSinkhornIters, 0, 1 << 16);
    if (orthogResidual && mvSplitResidual) {
      throw new ConfigException(
          "'orthog_residual' and 'mv_split_residual' are both true; a layer has one residual");
    }
  }

  /** Whether there are several streams. */
  boolean areSeveral() {
    return numResidualStreams > 1;
  }

  /** The keyword arguments of the residual connections. */
  ResidualKeywords keywords() {
    return residualFnKwargs == null ? ResidualKeywords.DEFAULTS : residualFnKwargs;
  }

  /** Whether the inputs of queries, keys and values are different. */
  boolean makeViews() {
    return qkvReceiveDiffResiduals || integrateLayers;
  }
}
