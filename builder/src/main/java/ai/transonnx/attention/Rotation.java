package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Rotates the first features of each position; the other features are unchanged.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param cos the cosines: {@code [n, features]}, or by row {@code [b, 1, n, features]}
 * @param sin the sines, of the same shape
 * @param features number of features that are rotated
 */
public record Rotation(Value cos, Value sin, long features) {
  /**
   * Applies the rotation.
   *
   * @param x {@code [b, h, n, d]}, d at least {@link #features}
   * @return {@code [b, h, n, d]}
   */
  public Value of(Scope scope, Value x) {
    long all = x.dim(-1).size();
    if (all == features) {
      return rotate(scope, x);
    }
    var parts = scope.split(x, x.rank() - 1, features, all - features);
    return scope.concat(x.rank() - 1, rotate(scope, parts.get(0)), parts.get(1));
  }

  private Value rotate(Scope scope, Value x) {
    long half = features / 2;
    var halves = scope.split(x, x.rank() - 1, half, half);
    var rotatedHalf = scope.concat(x.rank() - 1, scope.neg(halves.get(1)), halves.get(0));
    return scope.add(scope.mul(x, cos), scope.mul(rotatedHalf, sin));
  }
}
