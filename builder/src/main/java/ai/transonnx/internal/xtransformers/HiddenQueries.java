package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.layer.Rows;
import ai.transonnx.op.Scope;

/**
 * Queries that are computed from hiddens: an RMSNorm and a linear layer. Immutable.
 *
 * @param dim number of features
 * @param views the number of queries of each position
 */
public record HiddenQueries(long dim, int views) {
  /** PyTorch's default epsilon, the distance from 1 to the next float32. */
  private static final float EPSILON = Math.ulp(1f);

  /**
   * The queries.
   *
   * @param scope the module of the norm and the layer
   * @param x {@code [b, n, dim]}
   * @return {@code [b * n * views, dim]}
   */
  Value of(Scope scope, Value x) {
    var squares = scope.div(scope.keptSum(scope.mul(x, x), 2), scope.scalar((float) dim));
    var rms = scope.sqrt(scope.add(squares, scope.scalar(EPSILON))); // [b, n, 1]
    var normed = scope.mul(scope.div(x, rms), scope.child(0).parameter("weight", dim));
    var rows = Rows.of(scope, normed);
    var projected = new Linear(dim, dim * views, false).of(scope.child(1), rows);
    var shape = Shape.of(scope.unknownDim(), Dim.of(dim));
    return scope.reshape(projected, scope.vector(-1, dim), shape);
  }
}
