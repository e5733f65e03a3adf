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
 * The library's {@code FLASH}: a gated attention unit whose attention is linear in length.
 *
 * @see <a href="https://arxiv.org/abs/2202.10447">Transformer Quality in Linear Time</a>
 */
record FlashLayer(FlashConfig config) {
  /**
   * What the layers of a model share.
   *
   * @param mask bool {@code [b, n]}, false where a key is not seen; null to see all
   * @param rotation null to rotate nothing
   * @param offsets int64 {@code [group_size, group_size]}
   * @param open the group that goes on; null if each call starts anew
   */
  record LayerContext(
      @Nullable Value mask,
      @Nullable InterleavedRotary rotation,
      Value offsets,
      @Nullable PartialGroup open) {}

  PositionBias bias() {
    return new PositionBias(Math.sqrt(config.unit().queryKeyDim()), config.unit().causal());
  }

  /**
   * Applies the layer, with its residual.
   *
   * @param x {@code [b, n, dim]}
   * @param layer the number of the layer, which names its state
   * @return {@code [b, n, dim]}
   */
  Value of(Scope scope, Value x, LayerContext shared, int layer, PastState history) {
    int dim = config.unit().dim();
    int hidden = config.unit().hidden();
    var normed = config.normKlass().of(scope.child("norm"), x, dim); // [b, n, d]
    if (config.shiftTokens()) {
      normed = shifted(scope, normed, layer, history);
    }
    var projected = Projections.of(scope, normed, config.unit());
    var values = projected.values(); // [b, n, e]
    var heads = heads(scope, projected.common(), shared.rotation()); // [b, n, 4 * k]
    if (shared.mask() != null) {
      values = scope.where(scope.unsqueeze(shared.mask(), 2), values, scope.scalar(0f));
    }
    var bias = bias().of(scope.child("rel_pos_bias"), shared.offsets()); // [g, g]
    var exact = scope.inFloat32();
    var attended = attend(exact, heads, values, bias, shared.open(), layer, history); // [b, n, e]
    var gated = scope.mul(projected.gate(), attended);
    return scope.add(new Linear(hidden, dim).of(scope.child("to_out"), gated), x); // [b, n, d]
  }

  /** Half of the features come from the position before. */
  private Value shifted(Scope scope, Value x, int layer, PastState history) {
    int half = (config.unit().dim() + 1) / 2;
    var past = history.past("shift_" + layer, x.elements(), Shape.of(1, half));
    var parts = scope.split(x, 2, half, config.unit().dim() - half);
    var result = TokenShift.of(scope, parts.get(0), past);
    history.present("shift_" + layer, result.present());
    return scope.concat(2, result.shifted(), parts.get(1));
  }

  /** Quadratic and linear queries, then their keys; both attentions divide by the group size. */
  private Value heads(Scope scope, Value common, @Nullable InterleavedRotary rotation) {
    float share = 1f / config.groups().groupSize();
    float[] factors = {share, 1, 1, config.unit().causal() ? share : 1};
    var layer = new OffsetScale(config.unit().queryKeyDim(), factors);
    var heads = layer.of(scope.child("qk_offset_scale"), common); // [b, n, 4 * k]
    return rotation == null ? heads : rotation.rotate(scope, heads, factors.length);
  }

  /** The attention, in float32: its weights are squares over the length, which no softmax lifts. */
  private Value attend(
      Scope scope,
      Value heads,
      Value values,
      Value bias,
      @Nullable PartialGroup open,
      int layer,
      PastState history) {
    var attention =
        new GroupAttention(
            AttentionFunction.of(config.unit().laplaceAttnFn()),
            config.groups().groupSize(),
            config.unit().causal(),
            config.groups().reduceGroupNonCausalAttn());
    return open == null
        ? attention.of(scope, heads, values, bias)
        : new ContinuedAttention(attention, layer).of(scope, heads, values, bias, open, history);
  }
}
