package ai.transonnx.flash;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Splits a sequence into groups of equal width. The last group is padded with zeros.
 *
 * @param width the width of a group, int64 {@code [1]}: the group size, or the sequence length if
 *     it is smaller
 * @param count the number of groups, int64 {@code [1]}
 * @param padding the number of zeros appended, int64 {@code [1]}
 * @param w the width as a dimension
 * @param g the number of groups as a dimension
 * @param padded the padded length: {@code w * g}
 */
record SequenceGroups(Value width, Value count, Value padding, Dim w, Dim g, Dim padded) {
  /**
   * Creates the groups of a sequence.
   *
   * @param length int64 {@code [1]}
   */
  static SequenceGroups of(Scope s, Value length, int size) {
    var one = s.vector(1);
    var width = s.max(s.min(length, s.vector(size)), one);
    var count = s.div(s.add(length, s.sub(width, one)), width);
    var padding = s.sub(s.mul(count, width), length);
    return new SequenceGroups(
        width, count, padding, s.unknownDim(), s.unknownDim(), s.unknownDim());
  }

  /** Pads {@code [b, n, d]} with zeros to {@code [b, padded, d]}. */
  Value pad(Scope s, Value x) {
    return s.padEnd(x, 1, padding, padded);
  }

  /** Reshapes {@code [b, padded, d]} to {@code [b, g, w, d]}. */
  Value split(Scope s, Value x) {
    var sizes = s.concat(0, s.vector(0), count, width, s.vector(x.dim(2).size()));
    return s.reshape(x, sizes, Shape.of(x.dim(0), g, w, x.dim(2)));
  }

  /** Reshapes {@code [b, g, w, d]} to {@code [b, padded, d]}. */
  Value join(Scope s, Value x) {
    return s.reshape(x, s.vector(0, -1, x.dim(3).size()), Shape.of(x.dim(0), padded, x.dim(3)));
  }

  /** Crops a table {@code [group_size, group_size]} to {@code [w, w]}. */
  Value crop(Scope s, Value table) {
    var rows = s.slice(table, 0, s.vector(0), width, w);
    return s.slice(rows, 1, s.vector(0), width, w);
  }
}
