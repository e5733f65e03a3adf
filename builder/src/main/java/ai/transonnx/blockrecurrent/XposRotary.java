package ai.transonnx.blockrecurrent;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The library's rotary embedding with xPos: a table for a fixed number of positions. A sequence
 * uses the last rows of the table.
 *
 * @param width the number of positions
 * @param cosines {@code [width, d]}
 * @param sines {@code [width, d]}
 * @param scales {@code [width, d]}; queries are multiplied by them, keys divided
 * @see <a href="https://arxiv.org/abs/2212.10554">A Length-Extrapolatable Transformer</a>
 */
record XposRotary(int width, Value cosines, Value sines, Value scales) {
  private static final double THETA = 10_000;
  private static final double SCALE_BASE = 512;

  static XposRotary of(Scope s, int width, int dim) {
    var frequencies = new double[dim];
    var bases = new double[dim];
    for (int i = 0; i < dim; i++) {
      double even = 2.0 * (i % (dim / 2));
      frequencies[i] = 1 / Math.pow(THETA, even / dim);
      bases[i] = (even + 0.4 * dim) / (1.4 * dim);
    }
    var positions = new double[width];
    var powers = new double[width];
    for (int t = 0; t < width; t++) {
      positions[t] = t;
      powers[t] = (t - width / 2) / SCALE_BASE;
    }
    var angles = s.mul(column(s, positions), s.constant(Shape.of(dim), frequencies));
    var scales = s.pow(s.constant(Shape.of(1, dim), bases), column(s, powers));
    return new XposRotary(width, s.cos(angles), s.sin(angles), scales);
  }

  private static Value column(Scope s, double[] values) {
    return s.constant(Shape.of(values.length, 1), values);
  }

  /**
   * Rotates queries.
   *
   * @param x {@code [..., n, d]}
   * @param length n: int64 {@code [1]}
   */
  Value queries(Scope s, Value x, Value length) {
    return s.mul(rotate(s, x, length), lastRows(s, scales, length, x.dim(-2)));
  }

  /** Rotates keys; the parameters are those of {@link #queries}. */
  Value keys(Scope s, Value x, Value length) {
    return s.div(rotate(s, x, length), lastRows(s, scales, length, x.dim(-2)));
  }

  private Value rotate(Scope s, Value x, Value length) {
    long half = x.dim(-1).size() / 2;
    var rotatedHalf = s.concat(-1, s.neg(s.slice(x, -1, half, Scope.END)), s.slice(x, -1, 0, half));
    var straight = s.mul(x, lastRows(s, cosines, length, x.dim(-2)));
    return s.add(straight, s.mul(rotatedHalf, lastRows(s, sines, length, x.dim(-2))));
  }

  private Value lastRows(Scope s, Value table, Value length, Dim rows) {
    return s.slice(table, 0, s.sub(s.vector(width), length), s.vector(Scope.END), rows);
  }
}
