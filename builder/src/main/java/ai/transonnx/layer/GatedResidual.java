package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A gated recurrent unit decides what of the branch enters: x-transformers' {@code GRUGating}, with
 * PyTorch's {@code nn.GRUCell}.
 *
 * @param dim features
 * @param scaled whether each feature of the residual has a learned factor, {@code scale_residual}
 * @see <a href="https://arxiv.org/abs/1910.06764">Stabilizing Transformers for Reinforcement
 *     Learning</a>
 */
public record GatedResidual(long dim, boolean scaled) implements Residual {
  @Override
  public Value of(Scope scope, Value branch, Value residual) {
    var hidden =
        scaled
            ? scope.mul(residual, scope.parameter("residual_scale", dim))
            : residual; // [b, n, d]
    var gru = scope.child("gru");
    var given = thirds(gru, branch, "weight_ih", "bias_ih");
    var kept = thirds(gru, hidden, "weight_hh", "bias_hh");
    var reset = gru.sigmoid(gru.add(given.reset, kept.reset));
    var update = gru.sigmoid(gru.add(given.update, kept.update));
    var fresh = gru.tanh(gru.add(given.fresh, gru.mul(reset, kept.fresh))); // [b, n, d]
    // (1 - update) * fresh + update * hidden
    return gru.add(fresh, gru.mul(update, gru.sub(hidden, fresh)));
  }

  private record Thirds(Value reset, Value update, Value fresh) {}

  private Thirds thirds(Scope gru, Value x, String weight, String bias) {
    var rows = Rows.of(gru, x);
    var weights = gru.matrix(weight, 3 * dim, dim);
    var projected = gru.gemm(rows, weights, gru.matrix(bias, 3 * dim));
    var y = Rows.sequences(gru, projected, x); // [b, n, 3 * d]
    var parts = gru.split(y, x.rank() - 1, dim, dim, dim);
    return new Thirds(parts.get(0), parts.get(1), parts.get(2));
  }
}
