package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Computes the absolute positions of a call. */
final class Positions {
  private Positions() {}

  /**
   * Reads the number of positions before the call from the state, and updates it.
   *
   * @param sequence the new positions {@code [b, n, ...]}
   * @return int64 {@code [b]}; null without state
   */
  static @Nullable Value pastLength(Scope s, Value sequence, PastState pastState) {
    if (!(pastState instanceof PastState.Stateful)) {
      return null;
    }
    var pastLength =
        pastState.past("position", StateRole.COUNTER, ElementType.INT64, Shape.SCALAR); // [b]
    pastState.present("position", s.add(pastLength, s.size(sequence, 1)));
    return pastLength;
  }

  /**
   * Computes the positions of a call.
   *
   * @param sequence the new positions {@code [b, n, ...]}
   * @param pastLength int64 {@code [b]}; null without state
   * @return float32 {@code [b, n]}
   */
  static Value of(Scope s, Value sequence, @Nullable Value pastLength) {
    var length = s.size(sequence, 1); // [1]
    var steps = s.unsqueeze(s.range(length, sequence.dim(1)), 0); // [1, n]
    var all = Shape.of(sequence.dim(0), sequence.dim(1));
    var positions =
        pastLength == null
            ? s.expand(steps, s.sizes(sequence, 0, 2), all)
            : s.add(s.unsqueeze(pastLength, 1), steps); // [b, n]
    return s.cast(positions, s.wideType());
  }

  /** The integers from 0 to {@code size - 1}: int64 {@code [size]}. */
  static Value range(Scope s, int size) {
    return s.vector(LongStream.range(0, size).toArray());
  }
}
