package ai.transonnx.layer;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Positions of all sequences as the rows of one matrix: several linear layers in a row go from
 * matrix to matrix, and only the last outcome becomes sequences again.
 *
 * <p>Its methods are thread-safe.
 */
public final class Rows {
  private Rows() {}

  /**
   * The positions of sequences.
   *
   * @param x {@code [b, n, d]}
   * @return {@code [b * n, d]}
   */
  public static Value of(Scope scope, Value x) {
    long features = x.dim(-1).size();
    var shape = Shape.of(count(x), Dim.of(features));
    return scope.reshape(x, scope.vector(-1, features), shape);
  }

  /** How many positions all sequences have: {@code b * n}. */
  public static Dim count(Value x) {
    var leading = x.shape().dims().subList(0, x.rank() - 1);
    return leading.stream().reduce(Dim.of(1), Dim::times);
  }

  /**
   * Rows as sequences again.
   *
   * @param rows {@code [b * n, e]}
   * @param like the sequences that they are of {@code [b, n, d]}
   * @return {@code [b, n, e]}
   */
  public static Value sequences(Scope scope, Value rows, Value like) {
    var features = rows.dim(1);
    var leading = scope.sizes(like, 0, like.rank() - 1);
    var sizes = scope.concat(0, leading, scope.vector(features.size()));
    return scope.reshape(rows, sizes, like.shape().withLast(features));
  }
}
