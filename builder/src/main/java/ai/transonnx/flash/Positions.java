package ai.transonnx.flash;

import ai.transonnx.architecture.History;
import ai.transonnx.graph.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/** The positions of a call, counted from the start of the sequence. */
final class Positions {
  private Positions() {}

  /**
   * The positions.
   *
   * @param sequence {@code [b, n, ...]}
   * @return float {@code [1, n]} if each call starts anew, else {@code [b, n]}
   */
  static Value of(Scope s, Value sequence, History history) {
    var length = s.size(sequence, 1); // [1]
    var steps = s.unsqueeze(s.range(length, sequence.dim(1)), 0); // [1, n]
    var positions = steps;
    if (history instanceof History.Carried) {
      var before = history.past("position", ElementType.INT64, Shape.SCALAR); // [b]
      history.present("position", s.add(before, length));
      positions = s.add(s.unsqueeze(before, 1), steps); // [b, n]
    }
    return s.cast(positions, ElementType.FLOAT32);
  }

  /** The numbers 0 to {@code size - 1}: int64 {@code [size]}. */
  static Value first(Scope s, int size) {
    return s.vector(java.util.stream.LongStream.range(0, size).toArray());
  }
}
