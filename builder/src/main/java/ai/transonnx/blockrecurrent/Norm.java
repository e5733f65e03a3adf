package ai.transonnx.blockrecurrent;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/** The library's {@code LayerNorm}, whose {@code beta} is a buffer and is not learned. */
record Norm(long dim) {
  private static final double EPSILON = 1e-5;

  Value of(Scope scope, Value x) {
    var gamma = scope.parameter("gamma", dim);
    var beta = scope.parameter("beta", dim);
    return scope.layerNormalization(x, gamma, beta, EPSILON);
  }
}
