package ai.transonnx.flash;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * How a sequence is cut into groups of one width, the last being filled up with zeros.
 *
 * @param width positions of a group, int64 {@code [1]}: the group size, or less in a sequence that
 *     is shorter
 * @param count how many groups, int64 {@code [1]}
 * @param padding how many zeros, int64 {@code [1]}
 * @param w what {@code width} is
 * @param g what {@code count} is
 * @param padded the length with the zeros: {@code w * g}
 */
record Groups(Value width, Value count, Value padding, Dim w, Dim g, Dim padded) {
  /**
   * Groups for a sequence.
   *
   * @param length int64 {@code [1]}
   */
  static Groups of(Scope s, Value length, int size) {
    var one = s.vector(1);
    var width = s.max(s.min(length, s.vector(size)), one);
    var count = s.div(s.add(length, s.sub(width, one)), width);
    var padding = s.sub(s.mul(count, width), length);
    return new Groups(width, count, padding, s.unknownDim(), s.unknownDim(), s.unknownDim());
  }

  /** {@code [b, n, d]} with zeros behind: {@code [b, padded, d]}. */
  Value pad(Scope s, Value x) {
    return s.padEnd(x, 1, padding, padded);
  }

  /** {@code [b, padded, d]} to {@code [b, g, w, d]}. */
  Value cut(Scope s, Value x) {
    var sizes = s.concat(0, s.vector(0), count, width, s.vector(x.dim(2).size()));
    return s.reshape(x, sizes, Shape.of(x.dim(0), g, w, x.dim(2)));
  }

  /** {@code [b, g, w, d]} to {@code [b, padded, d]}. */
  Value join(Scope s, Value x) {
    return s.reshape(x, s.vector(0, -1, x.dim(3).size()), Shape.of(x.dim(0), padded, x.dim(3)));
  }

  /** The corner of a table of the group size that is as wide as a group: {@code [w, w]}. */
  Value corner(Scope s, Value table) {
    var rows = s.slice(table, 0, s.vector(0), width, w);
    return s.slice(rows, 1, s.vector(0), width, w);
  }
}
