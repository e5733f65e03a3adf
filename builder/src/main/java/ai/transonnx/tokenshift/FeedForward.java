package ai.transonnx.tokenshift;

import ai.transonnx.architecture.History;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.LayerNorm;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/** The library's {@code FeedForward}: half of its features gate the other half. */
record FeedForward(int dim, int hidden, GateMixing mixing) {
  /**
   * Applies the layer, without its residual.
   *
   * @param scope the module of the layer
   * @param x {@code [b, n, dim]}
   * @param layer the number of the layer
   * @return {@code [b, n, dim]}
   */
  Value of(Scope scope, Value x, int layer, Value position, History history) {
    var normed = new LayerNorm(dim).of(scope.child("norm"), x); // [b, n, d]

    var projectIn = scope.child("project_in");
    var projection = new Linear(dim, 2L * hidden);
    var value = half(projectIn, projection.features(0, hidden), normed); // [b, n, h]
    var gate = half(projectIn, projection.features(hidden, 2L * hidden), normed); // [b, n, h]

    var normedGate = new LayerNorm(hidden).of(scope.child("gate_norm"), gate);
    var mixed = mixing.of(scope, normedGate, layer, position, history); // [b, n, h]
    var wide = mixing.outgrowsFloat16() ? scope.beyondFloat16() : scope;
    var weight = new Linear(hidden, hidden).of(wide.child("to_gate"), mixed); // [b, n, h]

    var gated = scope.mul(value, weight);
    return new Linear(hidden, dim).of(wide.child("project_out"), gated); // [b, n, d]
  }

  private static Value half(Scope projectIn, Linear features, Value x) {
    return projectIn.child(1).gelu(features.of(projectIn.child(0), x));
  }
}
