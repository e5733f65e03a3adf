package ai.transonnx.tokenshift;

import ai.transonnx.architecture.PastState;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;

/** The library's {@code FeedForward}, in which one half of the features gates the other half. */
record FeedForward(int dim, int hidden, GateMixing mixing) {
  /**
   * Applies the layer, without its residual.
   *
   * @param scope the module of the layer
   * @param x {@code [b, n, dim]}
   * @param layer the index of the layer, which names its state
   * @param position the number of positions before the call: int64 {@code [b]}
   * @return {@code [b, n, dim]}
   */
  Value of(Scope scope, Value x, int layer, Value position, PastState pastState) {
    var normed = new LayerNorm(dim).of(scope.child("norm"), x); // [b, n, d]

    var projectIn = scope.child("project_in");
    var projection = new Linear(dim, 2L * hidden);
    var rows = Rows.of(scope, normed); // [b * n, d]
    var value = half(projectIn, projection.features(0, hidden), rows); // [b * n, h]
    var gate = half(projectIn, projection.features(hidden, 2L * hidden), rows); // [b * n, h]

    var gates = Rows.sequences(scope, gate, x); // [b, n, h]
    var normedGate = new LayerNorm(hidden).of(scope.child("gate_norm"), gates);
    var mixed = mixing.of(scope, normedGate, layer, position, pastState); // [b, n, h]
    var wide = mixing.mayOverflowFloat16() ? scope.beyondFloat16() : scope;
    var weight = new Linear(hidden, hidden).of(wide.child("to_gate"), Rows.of(wide, mixed));

    var gated = scope.mul(value, weight); // [b * n, h]
    var out = new Linear(hidden, dim).of(wide.child("project_out"), gated); // [b * n, d]
    return Rows.sequences(scope, out, x); // [b, n, d]
  }

  private static Value half(Scope projectIn, Linear features, Value x) {
    return projectIn.child(1).gelu(features.of(projectIn.child(0), x));
  }
}
