package ai.transonnx.xtransformers;

import ai.transonnx.internal.xtransformers.Connection;
import ai.transonnx.internal.xtransformers.HyperConnection;
import ai.transonnx.internal.xtransformers.LayerIntegration;
import ai.transonnx.internal.xtransformers.LayerKind;
import ai.transonnx.internal.xtransformers.MeanSplitUpdate;
import ai.transonnx.internal.xtransformers.OrthogonalUpdate;
import ai.transonnx.internal.xtransformers.Profile;
import ai.transonnx.internal.xtransformers.WeightedHiddens;
import org.jspecify.annotations.Nullable;

/** Plans how the layers of a configuration are connected at a release. */
record ConnectionPlanner(AttentionLayersConfig config, Profile profile) {
  private static final int VIEWS = 3;

  /** The connection of a layer to the values between layers. */
  Connection connection(LayerKind kind) {
    var options = config.options();
    var streams = options.streams();
    int dim = config.dim();
    if (streams.areSeveral()) {
      boolean makesViews = streams.qkvReceiveDiffResiduals() && !streams.integrateLayers();
      return new HyperConnection(
          dim,
          streams.numResidualStreams(),
          kind == LayerKind.ATTENTION && makesViews ? VIEWS : 1,
          profile.stack().hyperConnections(streams.keywords().tanh()));
    }
    if (streams.orthogResidual()) {
      return new OrthogonalUpdate(dim, options.residuals().scaleResidual());
    }
    return streams.mvSplitResidual()
        ? new MeanSplitUpdate(dim, streams.keywords().learned(), profile.stack().masksMeans())
        : new Connection.Residuals(options.residuals().residual(dim, options.blocks()));
  }

  /** Computes a layer's input from those of all layers so far; null if its own is its input. */
  @Nullable LayerIntegration integration(LayerKind kind, int index) {
    var streams = config.options().streams();
    if (!streams.integrateLayers()) {
      return null;
    }
    boolean isFirst = config.layers().indexOf(LayerKind.ATTENTION) == index;
    long dim = config.dim();
    return new WeightedHiddens(
        dim,
        index + 1,
        kind == LayerKind.ATTENTION && !isFirst ? VIEWS : 1,
        profile.stack().normsHiddens() ? profile.norms().rmsNorm(dim, 0) : null,
        streams.layerIntegrateUseSoftmax());
  }
}
