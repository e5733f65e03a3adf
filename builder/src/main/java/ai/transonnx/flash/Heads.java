package ai.transonnx.flash;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import java.util.List;

/** One head after the other, as matrices of a sequence. */
final class Heads {
  private Heads() {}

  /** {@code [b, h, n, d]} as h times {@code [b, n, d]}. */
  static List<Value> of(Scope s, Value heads) {
    var ones = new long[(int) heads.dim(1).size()];
    java.util.Arrays.fill(ones, 1);
    return s.split(heads, 1, ones).stream().map(head -> s.squeeze(head, 1)).toList();
  }
}
