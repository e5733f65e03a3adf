package ai.transonnx.flash;

import ai.transonnx.architecture.PastState;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateRole;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** The positions of a call, counted from the start of the sequence. */
final class Positions {
  private Positions() {}

  /**
   * How many positions came before a call, which the next call knows, too.
   *
   * @param sequence the call's {@code [b, n, ...]}
   * @return int64 {@code [b]}; null if each call starts anew
   */
  static @Nullable Value before(Scope s, Value sequence, PastState history) {
    if (!(history instanceof PastState.Stateful)) {
      return null;
    }
    var before =
        history.past("position", StateRole.COUNTER, ElementType.INT64, Shape.SCALAR); // [b]
    history.present("position", s.add(before, s.size(sequence, 1)));
    return before;
  }

  /**
   * The positions.
   *
   * @param sequence {@code [b, n, ...]}
   * @param before int64 {@code [b]}, or null for none
   * @return float {@code [b, n]}
   */
  static Value of(Scope s, Value sequence, @Nullable Value before) {
    var length = s.size(sequence, 1); // [1]
    var steps = s.unsqueeze(s.range(length, sequence.dim(1)), 0); // [1, n]
    var all = Shape.of(sequence.dim(0), sequence.dim(1));
    var positions =
        before == null
            ? s.expand(steps, s.sizes(sequence, 0, 2), all)
            : s.add(s.unsqueeze(before, 1), steps); // [b, n]
    return s.cast(positions, ElementType.FLOAT32);
  }

  /** The numbers 0 to {@code size - 1}: int64 {@code [size]}. */
  static Value first(Scope s, int size) {
    return s.vector(LongStream.range(0, size).toArray());
  }
}
