package ai.transonnx.layer;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.ArrayList;

/**
 * L2 normalization, PyTorch's {@code F.normalize}, over the last dimension or over each of several
 * groups of its features.
 *
 * <p>Immutable; threads may share it.
 *
 * @param groups number of groups of features; each is normalized separately
 */
public record L2Norm(int groups) {
  private static final double EPSILON = 1e-12;

  /**
   * Normalizes vectors.
   *
   * @param x {@code [..., d]}; d is fixed and a multiple of {@code groups}
   * @return {@code [..., d]}
   */
  public Value of(Scope scope, Value x) {
    if (groups == 1) {
      return unit(scope, x);
    }
    long size = x.dim(-1).size() / groups;
    var dims = new ArrayList<>(x.shape().dims().subList(0, x.rank() - 1));
    dims.add(Dim.of(groups));
    dims.add(Dim.of(size));
    var leading = scope.sizes(x, 0, x.rank() - 1);
    var sizes = scope.concat(0, leading, scope.vector(groups, size));
    var grouped = scope.reshape(x, sizes, new Shape(dims)); // [..., g, d / g]
    return scope.reshape(unit(scope, grouped), scope.sizes(x, 0, x.rank()), x.shape());
  }

  private static Value unit(Scope scope, Value x) {
    return scope.div(x, scope.max(scope.norm(x), scope.scalar(EPSILON)));
  }
}
