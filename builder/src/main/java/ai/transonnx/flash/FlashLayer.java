package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.internal.function.TokenShift;
import ai.transonnx.layer.InterleavedRotary;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The library's {@code FLASH}: a gated attention unit whose cost is linear in sequence length.
 *
 * @see <a href="https://arxiv.org/abs/2202.10447">Transformer Quality in Linear Time</a>
 */
record FlashLayer(FlashConfig config) {
  /**
   * The values that all layers of a model share.
   *
   * @param mask bool {@code [b, n]}, false for masked keys; null to mask none
   * @param rotation the rotary embedding; null for none
   * @param offsets the indices of the position bias: int64 {@code [group_size, group_size]}
   * @param partialGroup the partial group at the start of the call; null without state
   */
  record LayerContext(
      @Nullable Value mask,
      @Nullable InterleavedRotary rotation,
      Value offsets,
      @Nullable PartialGroup partialGroup) {}

  T5RelativePositionBias bias() {
    return new T5RelativePositionBias(
        Math.sqrt(config.unit().queryKeyDim()), config.unit().causal());
  }

  /**
   * Applies the layer, with its residual.
   *
   * @param x {@code [b, n, dim]}
   * @param layer the index of the layer, which names its state
   * @return {@code [b, n, dim]}
   */
  Value of(Scope scope, Value x, LayerContext shared, int layer, PastState pastState) {
    int dim = config.unit().dim();
    int hidden = config.unit().hidden();
    var normed = config.normKlass().of(scope.child("norm"), x, dim); // [b, n, d]
    if (config.shiftTokens()) {
      normed = shifted(scope, normed, layer, pastState);
    }
    var projected = Projections.of(scope, normed, config.unit());
    var values = projected.values(); // [b, n, e]
    var heads = heads(scope, projected.qk(), shared.rotation()); // [b, n, 4 * k]
    if (shared.mask() != null) {
      values = scope.where(scope.unsqueeze(shared.mask(), 2), values, scope.scalar(0f));
    }
    var bias = bias().of(scope.child("rel_pos_bias"), shared.offsets()); // [g, g]
    var exact = scope.inWideType();
    var attended =
        attend(exact, heads, values, bias, shared.partialGroup(), layer, pastState); // [b, n, e]
    var gated = scope.mul(projected.gate(), attended);
    return scope.add(new Linear(hidden, dim).of(scope.child("to_out"), gated), x); // [b, n, d]
  }

  /** Takes half of the features from the previous position. */
  private Value shifted(Scope scope, Value x, int layer, PastState pastState) {
    int half = (config.unit().dim() + 1) / 2;
    var past = pastState.past("shift_" + layer, x.elements(), Shape.of(1, half));
    var parts = scope.split(x, 2, half, config.unit().dim() - half);
    var result = TokenShift.of(scope, parts.get(0), past);
    pastState.present("shift_" + layer, result.present());
    return scope.concat(2, result.shifted(), parts.get(1));
  }

  /**
   * Computes the queries of quadratic and linear attention, followed by the keys of both. The
   * division by the group size is folded into the weights.
   */
  private Value heads(Scope scope, Value qk, @Nullable InterleavedRotary rotation) {
    double share = 1.0 / config.groups().groupSize();
    double[] factors = {share, 1, 1, config.unit().causal() ? share : 1};
    var layer = new OffsetScale(config.unit().queryKeyDim(), factors);
    var heads = layer.of(scope.child("qk_offset_scale"), qk); // [b, n, 4 * k]
    return rotation == null ? heads : rotation.rotate(scope, heads, factors.length);
  }

  /**
   * Applies attention in float32, since its weights are not normalized by softmax and may be tiny.
   */
  private Value attend(
      Scope scope,
      Value heads,
      Value values,
      Value bias,
      @Nullable PartialGroup partialGroup,
      int layer,
      PastState pastState) {
    var attention =
        new GroupAttention(
            AttentionFunction.of(config.unit().laplaceAttnFn()),
            config.groups().groupSize(),
            config.unit().causal(),
            config.groups().reduceGroupNonCausalAttn());
    return partialGroup == null
        ? attention.of(scope, heads, values, bias)
        : new IncrementalAttention(attention, layer)
            .of(scope, heads, values, bias, partialGroup, pastState);
  }
}
