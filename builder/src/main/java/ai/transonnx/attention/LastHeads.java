package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Encodes positions in the last heads only.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param encoding the encoding of these heads
 * @param count number of these heads
 */
record LastHeads(PositionEncoding encoding, int count) implements PositionEncoding {
  @Override
  public Value of(Scope scope, Value x) {
    long others = x.dim(1).size() - count;
    if (others == 0) {
      return encoding.of(scope, x);
    }
    var parts = scope.split(x, 1, others, count);
    return scope.concat(1, parts.get(0), encoding.of(scope, parts.get(1)));
  }
}
