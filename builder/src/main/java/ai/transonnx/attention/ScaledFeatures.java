package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Scales the first features of each position; the other features are unchanged.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param factors {@code [b, 1, n, features]}
 */
record ScaledFeatures(Value factors) implements PositionEncoding {
  @Override
  public Value of(Scope scope, Value x) {
    long all = x.dim(-1).size();
    long features = factors.dim(-1).size();
    if (all == features) {
      return scope.mul(x, factors);
    }
    var parts = scope.split(x, 3, features, all - features);
    return scope.concat(3, scope.mul(parts.get(0), factors), parts.get(1));
  }
}
