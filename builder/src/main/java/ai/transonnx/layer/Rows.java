package ai.transonnx.layer;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Reshapes sequences to matrices that have a row for each position, and back. Consecutive linear
 * layers compute on matrices, and only the last result is reshaped to sequences.
 *
 * <p>Its methods are thread-safe.
 */
public final class Rows {
  private Rows() {}

  /**
   * Reshapes sequences to a matrix.
   *
   * @param x {@code [b, n, d]}
   * @return {@code [b * n, d]}
   */
  public static Value of(Scope scope, Value x) {
    long features = x.dim(-1).size();
    var shape = Shape.of(count(x), Dim.of(features));
    return scope.reshape(x, scope.vector(-1, features), shape);
  }

  /** The number of positions of all sequences: {@code b * n}. */
  public static Dim count(Value x) {
    var leading = x.shape().dims().subList(0, x.rank() - 1);
    return leading.stream().reduce(Dim.of(1), Dim::times);
  }

  /**
   * Reshapes a matrix to sequences.
   *
   * @param rows {@code [b * n, e]}
   * @param like sequences of the same batch size and length: {@code [b, n, d]}
   * @return {@code [b, n, e]}
   */
  public static Value sequences(Scope scope, Value rows, Value like) {
    var features = rows.dim(1);
    var leading = scope.sizes(like, 0, like.rank() - 1);
    var sizes = scope.concat(0, leading, scope.vector(features.size()));
    return scope.reshape(rows, sizes, like.shape().withLast(features));
  }
}
