package ai.transonnx.xtransformers;

import ai.transonnx.attention.RotaryEmbedding;
import ai.transonnx.attention.RotaryEmbedding.RotatedValues;
import ai.transonnx.config.ConfigException;
import ai.transonnx.internal.xtransformers.AttendedHiddens;
import ai.transonnx.internal.xtransformers.Connection;
import ai.transonnx.internal.xtransformers.HiddenQueries;
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

  /**
   * Computes a layer's input from those of all layers so far; null if its own is its input.
   *
   * @param position the layer's position in the order of execution
   */
  @Nullable LayerIntegration integration(LayerKind kind, int index, int position) {
    var streams = config.options().streams();
    if (streams.integrateLayers()) {
      boolean isFirst = config.layers().indexOf(LayerKind.ATTENTION) == index;
      return new WeightedHiddens(
          config.dim(),
          index + 1,
          kind == LayerKind.ATTENTION && !isFirst ? VIEWS : 1,
          profile.stack().normsHiddens() ? profile.norms().rmsNorm(config.dim(), 0) : null,
          streams.layerIntegrateUseSoftmax());
    }
    boolean differ = kind == LayerKind.ATTENTION && streams.qkvReceiveDiffResiduals();
    return streams.attnAggregatedResiduals() ? attended(differ ? VIEWS : 1, position) : null;
  }

  private AttendedHiddens attended(int views, int position) {
    var options = config.options();
    int heads = options.heads();
    int headDim = options.attention().dimHead();
    boolean projects = heads > 1 || !profile.attention().omitsOutputOfOneHead();
    if (!projects && headDim != config.dim()) {
      throw new ConfigException(
          "'heads' is 1 and 'attn_dim_head' is %s; with one head it must be equal to 'dim', which is %s"
              .formatted(headDim, config.dim()));
    }
    boolean rotates = options.rotary().isRotary();
    if (rotates && position > 0 && position + 1 < views) {
      throw new ConfigException(
          "'rotary_pos_emb' and 'attn_aggregated_residuals' with three views cannot be combined if"
              + " the second layer has self-attention");
    }
    boolean ofLast = options.streams().attnResidualsLastOutputAsQuery();
    return new AttendedHiddens(
        config.dim(),
        heads,
        headDim,
        views,
        ofLast ? new HiddenQueries(config.dim(), views) : null,
        rotates ? rotary(headDim) : null,
        projects);
  }

  private RotaryEmbedding rotary(int headDim) {
    return new RotaryEmbedding(
        headDim,
        new RotaryScalingOptions(1, 1).frequencies(headDim),
        1,
        null,
        profile.positions().rotationLayout(),
        null,
        RotatedValues.UNCHANGED);
  }
}
