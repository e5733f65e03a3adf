package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A residual connection gated by a recurrent unit: x-transformers' {@code GRUGating}, with
 * PyTorch's {@code nn.GRUCell}.
 *
 * <p>In float32, the sigmoid and the hyperbolic tangent are computed with exponentials, since ONNX
 * Runtime's {@code Sigmoid} and {@code Tanh} are rational approximations. Near 1 their errors reach
 * 3 and 5 times the rounding error of float32, and {@code Sigmoid} is constant below -18. Large
 * weights saturate the gates, so nearly all of the layer's error would come from these two
 * operators.
 *
 * <p>Immutable; threads may share it.
 *
 * @param dim number of features
 * @param scaled whether the residual is multiplied by a learned per-feature factor, {@code
 *     scale_residual}
 * @see <a href="https://arxiv.org/abs/1910.06764">Stabilizing Transformers for Reinforcement
 *     Learning</a>
 */
public record GatedResidual(long dim, boolean scaled) implements Residual {
  /**
   * Below this, {@code 1 - 2 / (exp(2 * x) + 1)} suffers from cancellation and {@code Tanh} is more
   * exact.
   */
  private static final float LEAST_EXPONENTIAL = 0.5f;

  @Override
  public Value of(Scope scope, Value branch, Value residual) {
    var hidden =
        scaled
            ? scope.mul(residual, scope.parameter("residual_scale", dim))
            : residual; // [b, n, d]
    var gru = scope.child("gru");
    var input = projected(gru, branch, "weight_ih", "bias_ih");
    var state = projected(gru, hidden, "weight_hh", "bias_hh");
    var gates = gru.split(sigmoid(gru, gru.add(input.gates, state.gates)), 2, dim, dim);
    var reset = gates.get(0); // [b, n, d]
    var update = gates.get(1); // [b, n, d]
    var candidate = tanh(gru, gru.add(input.candidate, gru.mul(reset, state.candidate)));
    // (1 - update) * candidate + update * hidden
    return gru.add(candidate, gru.mul(update, gru.sub(hidden, candidate)));
  }

  /**
   * A projection to the unit's gates and candidate state.
   *
   * @param gates the reset gate, then the update gate: {@code [b, n, 2 * d]}
   * @param candidate the candidate state: {@code [b, n, d]}
   */
  private record Parts(Value gates, Value candidate) {}

  private Parts projected(Scope gru, Value x, String weight, String bias) {
    var rows = Rows.of(gru, x);
    var weights = gru.matrix(weight, 3 * dim, dim);
    var projected = gru.gemm(rows, weights, gru.matrix(bias, 3 * dim));
    var y = Rows.sequences(gru, projected, x); // [b, n, 3 * d]
    var parts = gru.split(y, 2, 2 * dim, dim);
    return new Parts(parts.get(0), parts.get(1));
  }

  /** {@code 1 / (1 + exp(-x))}. */
  private static Value sigmoid(Scope scope, Value x) {
    if (x.elements().isHalf()) {
      return scope.sigmoid(x);
    }
    var one = scope.scalar(1f);
    return scope.div(one, scope.add(scope.exp(scope.neg(x)), one));
  }

  /** {@code sign(x) * (1 - 2 / (exp(2 * |x|) + 1))}. */
  private static Value tanh(Scope scope, Value x) {
    var approximation = scope.tanh(x);
    if (x.elements().isHalf()) {
      return approximation;
    }
    var one = scope.scalar(1f);
    var size = scope.abs(x);
    var power = scope.exp(scope.add(size, size));
    var fromOne = scope.div(scope.scalar(2f), scope.add(power, one));
    var exact = scope.mul(scope.sign(x), scope.sub(one, fromOne));
    return scope.where(scope.less(size, scope.scalar(LEAST_EXPONENTIAL)), approximation, exact);
  }
}
