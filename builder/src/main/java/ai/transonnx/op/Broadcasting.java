package ai.transonnx.op;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.NodeBuilder;
import ai.transonnx.graph.Shape;
import java.util.ArrayList;

/**
 * NumPy's broadcasting: shapes are aligned at their last dimension, and a dimension of size 1 is
 * repeated to match the other shape.
 *
 * <p>Stricter than a runtime: symbolic sizes that are not known to be equal are rejected, even if
 * they could be equal when the model runs.
 */
final class Broadcasting {
  private Broadcasting() {}

  static Shape shape(NodeBuilder operation, Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    var dims = new ArrayList<Dim>();
    for (int i = 0; i < rank; i++) {
      Dim left = fromEnd(a, rank - i);
      Dim right = fromEnd(b, rank - i);
      if (left.equals(right) || right.is(1)) {
        dims.add(left);
      } else if (left.is(1)) {
        dims.add(right);
      } else {
        throw operation.error(
            "shapes %s and %s do not broadcast: %s is not %s".formatted(a, b, left, right));
      }
    }
    return new Shape(dims);
  }

  private static Dim fromEnd(Shape shape, int distance) {
    return distance > shape.rank() ? Dim.of(1) : shape.dim(-distance);
  }
}
