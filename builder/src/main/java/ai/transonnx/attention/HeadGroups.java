package ai.transonnx.attention;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.Collections;

/**
 * Heads of queries that share heads of keys or values: head i of queries uses head i mod {@code
 * shared}.
 *
 * @param heads number of heads of queries
 * @param shared number of heads of keys or values, which divides {@code heads}
 * @see <a href="https://arxiv.org/abs/2305.13245">GQA</a>
 */
record HeadGroups(int heads, int shared) {
  /**
   * The product of the matrices of each head with those of the heads that it uses.
   *
   * @param left {@code [b, heads, i, k]}
   * @param right {@code [b, shared, k, n]}
   * @return {@code [b, heads, i, n]}
   */
  Value product(Scope scope, Value left, Value right) {
    return areBroadcast()
        ? scope.matMul(left, right)
        : byGroup(scope, left, scope.unsqueeze(right, 1));
  }

  /**
   * The product of the matrices of each head with the transposes of those of the heads that it
   * uses. The transpose is next to the product, so that a runtime can compute both at once.
   *
   * @param left {@code [b, heads, i, k]}
   * @param right {@code [b, shared, n, k]}
   * @return {@code [b, heads, i, n]}
   */
  Value productOfTransposed(Scope scope, Value left, Value right) {
    return areBroadcast()
        ? scope.matMul(left, scope.transpose(right, 0, 1, 3, 2))
        : byGroup(scope, left, scope.transpose(scope.unsqueeze(right, 1), 0, 1, 2, 4, 3));
  }

  /**
   * Multiplies the matrices of each group of heads.
   *
   * @param right {@code [b, 1, shared, k, n]}
   */
  private Value byGroup(Scope scope, Value left, Value right) {
    Dim batch = left.dim(0);
    Dim i = left.dim(2);
    Dim groups = Dim.of(heads / shared);
    var sizes = scope.vector(heads / shared, shared);
    var byGroup =
        scope.reshape(
            left,
            scope.concat(0, scope.size(left, 0), sizes, scope.sizes(left, 2, 4)),
            Shape.of(batch, groups, Dim.of(shared), i, left.dim(3))); // [b, g, shared, i, k]
    var products = scope.matMul(byGroup, right); // [b, g, shared, i, n]
    return scope.reshape(
        products,
        scope.concat(
            0, scope.size(left, 0), scope.vector(heads), scope.size(left, 2), scope.size(right, 4)),
        Shape.of(batch, Dim.of(heads), i, right.dim(4)));
  }

  /**
   * Repeats the values of shared heads for the heads that use them.
   *
   * @param x {@code [b, shared, n, d]}
   * @return {@code [b, heads, n, d]}, or {@code x} if it broadcasts to that
   */
  Value tiled(Scope scope, Value x) {
    return areBroadcast() ? x : repeated(scope, x);
  }

  /** Repeats the values of shared heads, even if they broadcast: {@code [b, heads, n, d]}. */
  Value repeated(Scope scope, Value x) {
    return shared == heads ? x : scope.concat(1, Collections.nCopies(heads / shared, x));
  }

  private boolean areBroadcast() {
    return shared == 1 || shared == heads;
  }
}
