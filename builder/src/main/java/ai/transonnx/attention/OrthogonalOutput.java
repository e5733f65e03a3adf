package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.L2Norm;
import ai.transonnx.op.Scope;
import java.util.Collections;

/**
 * Removes from the heads' outputs their projection on the values. As in the library, the outputs of
 * all positions and heads of a sequence are one vector, and so are its values.
 *
 * <p>Immutable; threads may share it.
 *
 * @param copies number of copies of the result that are concatenated
 * @see <a href="https://openreview.net/forum?id=Ard2QzPAUK">Belief attention</a>
 */
public record OrthogonalOutput(int copies) {
  /**
   * Removes the projection.
   *
   * @param out {@code [b * n, h * d]}
   * @param values {@code [b, h, n, d]}
   * @return {@code [b * n, copies * h * d]}
   */
  Value of(Scope scope, Value out, Value values) {
    var byPosition = scope.widen(scope.transpose(values, 0, 2, 1, 3)); // [b, n, h, d]
    Dim features = byPosition.dim(1).times(out.dim(1));
    var shape = Shape.of(values.dim(0), features);
    var sizes = scope.concat(0, scope.size(values, 0), scope.vector(-1));
    var direction = new L2Norm(1).of(scope, scope.reshape(byPosition, sizes, shape)); // [b, n*h*d]
    var all = scope.reshape(scope.widen(out), sizes, shape);
    var length = scope.keptSum(scope.mul(all, direction), 1); // [b, 1]
    var rest = scope.sub(all, scope.mul(length, direction));
    var rows = scope.reshape(rest, scope.vector(-1, out.dim(1).size()), out.shape());
    return copies == 1 ? rows : scope.concat(1, Collections.nCopies(copies, rows));
  }
}
