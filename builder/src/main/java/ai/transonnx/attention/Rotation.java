package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;

/**
 * Rotates the first features of each position; the other features are unchanged.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param cos the cosines: {@code [n, features]}, or by row {@code [b, 1, n, features]}; half as
 *     many for {@link Layout#PAIRS}
 * @param sin the sines, of the same shape
 * @param features number of features that are rotated
 * @param layout the features that form a pair
 */
public record Rotation(Value cos, Value sin, long features, Layout layout)
    implements PositionEncoding {
  /** The features that are rotated together. */
  public enum Layout {
    /** Feature i and feature i + features / 2. */
    HALVES,
    /** Features 2 * i and 2 * i + 1. */
    PAIRS
  }

  /**
   * Applies the rotation.
   *
   * @param x {@code [b, h, n, d]}, d at least {@link #features}
   * @return {@code [b, h, n, d]}
   */
  @Override
  public Value of(Scope scope, Value x) {
    long all = x.dim(-1).size();
    if (all == features) {
      return rotate(scope, x);
    }
    var parts = scope.split(x, x.rank() - 1, features, all - features);
    return scope.concat(x.rank() - 1, rotate(scope, parts.get(0)), parts.get(1));
  }

  private Value rotate(Scope scope, Value x) {
    return layout == Layout.HALVES ? rotateHalves(scope, x) : rotatePairs(scope, x);
  }

  private Value rotateHalves(Scope scope, Value x) {
    long half = features / 2;
    var halves = scope.split(x, x.rank() - 1, half, half);
    var rotatedHalf = scope.concat(x.rank() - 1, scope.neg(halves.get(1)), halves.get(0));
    return scope.add(scope.mul(x, cos), scope.mul(rotatedHalf, sin));
  }

  private Value rotatePairs(Scope scope, Value x) {
    long half = features / 2;
    int last = x.rank() - 1;
    var leading = scope.sizes(x, 0, last);
    var dims = new ArrayList<>(x.shape().dims().subList(0, last));
    dims.add(Dim.of(half));
    dims.add(Dim.of(2));
    var shape = new Shape(dims); // [b, h, n, l / 2, 2]
    var pairs = scope.reshape(x, scope.concat(0, leading, scope.vector(half, 2)), shape);
    var parts = scope.split(pairs, last + 1, 1, 1);
    var first = scope.squeeze(parts.get(0), last + 1); // [b, h, n, l / 2]
    var second = scope.squeeze(parts.get(1), last + 1);
    var turned =
        scope.concat(
            last + 1,
            scope.unsqueeze(scope.sub(scope.mul(first, cos), scope.mul(second, sin)), last + 1),
            scope.unsqueeze(scope.add(scope.mul(second, cos), scope.mul(first, sin)), last + 1));
    return scope.reshape(turned, scope.sizes(x, 0, last + 1), x.shape());
  }
}
