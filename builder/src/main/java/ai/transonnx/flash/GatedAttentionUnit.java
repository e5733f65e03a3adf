package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The library's {@code GAU}: single-head attention with a gated output.
 *
 * @see <a href="https://arxiv.org/abs/2202.10447">Transformer Quality in Linear Time</a>
 */
record GatedAttentionUnit(GauConfig config) {
  /**
   * Applies the unit.
   *
   * @param x {@code [b, n, dim]}
   * @param mask bool {@code [b, n]}, false for masked keys; null to mask none
   * @param externalBias {@code [n, n]}, {@code [b, n, n]} or {@code [1, n, n]}, added to the unit's
   *     own bias; null to add none
   * @return {@code [b, n, dim]}
   */
  Value of(Scope s, Value x, @Nullable Value mask, @Nullable Value externalBias) {
    int dim = config.unit().dim();
    int hidden = config.unit().hidden();
    int keyDim = config.unit().queryKeyDim();
    var length = s.size(x, 1); // [1]
    var normed = config.normKlass().of(s.child("norm"), x, dim); // [b, n, d]

    var projected = Projections.of(s, normed, config.unit());
    var values = projected.values(); // [b, n, e]
    var scaled = new OffsetScale(keyDim, 1, 1).of(s.child("offsetscale"), projected.qk());
    var heads = s.split(scaled, 2, keyDim, keyDim); // each [b, n, k]

    var bias = new T5RelativePositionBias(Math.sqrt(dim), config.unit().causal());
    var offsets = bias.offsets(s, s.range(length, x.dim(1))); // [n, n]
    var exact = s.inWideType(); // weights are not normalized by softmax and may be tiny
    var similarity = exact.matMul(heads.get(0), s.transpose(heads.get(1), 0, 2, 1)); // [b, n, n]
    var biased = s.add(similarity, bias.of(s.child("rel_pos_bias"), offsets));
    if (externalBias != null) {
      biased = s.add(biased, externalBias);
    }
    var divided = s.div(biased, s.cast(length, s.wideType())); // [b, n, n]
    var weights = AttentionFunction.of(config.unit().laplaceAttnFn()).of(s, divided); // [b, n, n]
    if (mask != null) {
      values = s.where(s.unsqueeze(mask, 2), values, s.scalar(0f));
    }
    var gated = s.mul(exact.matMul(weights, values), projected.gate()); // [b, n, e]
    var out = new Linear(hidden, dim).of(s.child("to_out").child(0), gated); // [b, n, d]
    return config.addResidual() ? s.add(out, x) : out;
  }
}
