package ai.transonnx.attention;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Value;

/**
 * The calls that ONNX Runtime's causal attention can compute with a KV cache: single positions of
 * any rows, several positions of one row, and those at the start of all rows. Keys must be in the
 * order of their positions.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 *
 * @param suits whether the operator can compute the call: bool {@code [1]}
 * @param inPlace whether it can do so in the buffers that it is given: bool {@code [1]}
 * @param count the number of positions after the call, of the longest row: int32 {@code []}
 * @param last the index of each row's last position: int32 {@code [b]}
 */
record CausalCalls(Value suits, Value inPlace, Value count, Value last) {
  /**
   * The conditions of a call.
   *
   * @param rows the number of rows: int64 {@code [1]}
   */
  static CausalCalls of(
      CacheLayout layout, CacheLayout.Call call, GrowingBuffers growing, Value rows) {
    var scope = call.scope();
    var end = call.end();
    var isStep = scope.less(call.count(), scope.vector(2));
    var isOneRow = scope.less(rows, scope.vector(2));
    var isFirst = scope.equal(end, call.count());
    var isPossible = scope.or(scope.or(isStep, isOneRow), isFirst);
    var inOrder = layout.inOrder(call);
    var suits = inOrder == null ? isPossible : scope.and(isPossible, inOrder);
    var steps = scope.sub(call.count(), scope.vector(1));
    return new CausalCalls(
        suits,
        scope.and(suits, growing.fits()),
        scope.cast(scope.squeeze(end, 0), ElementType.INT32),
        scope.cast(scope.add(call.position(), steps), ElementType.INT32));
  }
}
