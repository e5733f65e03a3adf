package ai.transonnx.internal.xtransformers;

import ai.transonnx.format.Dim;
import ai.transonnx.format.ElementType;
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
  /**
   * The queries.
   *
   * @param scope the module of the norm and the layer
   * @param x {@code [b, n, dim]}
   * @return {@code [b * n * views, dim]}
   */
  Value of(Scope scope, Value x) {
    var squares = scope.div(scope.keptSum(scope.mul(x, x), 2), scope.scalar((double) dim));
    var rms = scope.sqrt(scope.add(squares, scope.scalar(epsilon(scope)))); // [b, n, 1]
    var normed = scope.mul(scope.div(x, rms), scope.child(0).parameter("weight", dim));
    var rows = Rows.of(scope, normed);
    var projected = new Linear(dim, dim * views, false).of(scope.child(1), rows);
    var shape = Shape.of(scope.unknownDim(), Dim.of(dim));
    return scope.reshape(projected, scope.vector(-1, dim), shape);
  }

  /** PyTorch's default: the distance from 1 to the next number of the type. */
  private static double epsilon(Scope scope) {
    return scope.wideType() == ElementType.FLOAT64 ? Math.ulp(1.0) : Math.ulp(1f);
  }
}
