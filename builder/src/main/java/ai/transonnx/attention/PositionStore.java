package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Values of a layer other than keys and values, which later calls need.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface PositionStore {
  /** The positions of the call's queries and of all slots. */
  Positions positions();

  /**
   * Running sums that begin with the first call.
   *
   * @param name a name that is unique in the layer
   * @param x float32 {@code [b, n, d]}
   * @return {@code [b, n, d]}
   */
  Value sums(Scope scope, String name, Value x);

  /**
   * Values of all positions so far.
   *
   * @param name a name that is unique in the layer
   * @param own those of the call's positions: float32 {@code [b, n, d]}
   * @return {@code [b, slots, d]}
   */
  Value slots(Scope scope, String name, Value own);

  /**
   * Sums, over all earlier queries, of a number for each key. A key's sum begins with the call that
   * computes the key.
   *
   * @param name a name that is unique in the layer
   * @param own the numbers of the call's queries: float32 {@code [b, n, slots]}
   * @return the sums before each query: {@code [b, n, slots]}
   */
  Value sumsOfEarlierQueries(Scope scope, String name, Value own);
}
