package ai.transonnx.blockrecurrent;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The library's {@code Attention}: multi-query attention, in which all heads share keys and values.
 *
 * @param normed whether queries and keys are l2-normalized before their learned scale is applied
 */
record Attention(int heads, int dimHead, boolean normed) {
  private static final double EPSILON = 1e-12;

  /** Splits {@code [b, n, h * d]} into heads {@code [b, h, n, d]}. */
  Value split(Scope s, Value x) {
    var shape = Shape.of(x.dim(0), x.dim(1), Dim.of(heads), Dim.of(dimHead));
    return s.transpose(s.reshape(x, s.vector(0, 0, heads, dimHead), shape), 0, 2, 1, 3);
  }

  /** Merges heads {@code [b, h, n, d]} to {@code [b, n, h * d]}, for any d. */
  static Value merge(Scope s, Value x) {
    long features = x.dim(1).size() * x.dim(3).size();
    var shape = Shape.of(x.dim(0), x.dim(2), Dim.of(features));
    return s.reshape(s.transpose(x, 0, 2, 1, 3), s.vector(0, 0, features), shape);
  }

  /** Normalizes queries {@code [b, h, n, d]} if required. Rotation comes later. */
  Value queries(Scope scope, Value q) {
    return normed ? unit(scope, q, "q_scale") : q;
  }

  /** Normalizes keys {@code [b, n, d]} if required. Rotation comes later. */
  Value keys(Scope scope, Value k) {
    return normed ? unit(scope, k, "k_scale") : k;
  }

  private Value unit(Scope scope, Value x, String scale) {
    var norm = scope.norm(x); // [..., n, 1]
    var unit = scope.div(x, scope.max(norm, scope.scalar(EPSILON)));
    return scope.mul(unit, scope.parameter(scale, dimHead));
  }

  /**
   * Applies attention.
   *
   * @param q {@code [b, h, i, d]}
   * @param k {@code [b, j, d]}
   * @param v {@code [b, j, d]}
   * @param visible the keys that each query may attend to: bool {@code [i, j]}; null for all
   * @return {@code [b, h, i, d]}
   */
  Value attend(Scope s, Value q, Value k, Value v, @Nullable Value visible) {
    var scaled = s.mul(q, s.scalar(1 / Math.sqrt(dimHead)));
    var keys = s.unsqueeze(s.transpose(k, 0, 2, 1), 1); // [b, 1, d, j]
    var similarity = s.matMul(scaled, keys); // [b, h, i, j]
    var masked = visible == null ? similarity : s.where(visible, similarity, s.lowest());
    return s.matMul(s.softmax(masked), s.unsqueeze(v, 1)); // [b, h, i, d]
  }
}
