package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The keys and values that the queries of a call attend to.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
interface AttendedKeys {
  /**
   * The products of queries and keys.
   *
   * @param queries {@code [b, h, i, d]}
   * @return {@code [b, h, i, j]}
   */
  Value products(Scope scope, Value queries);

  /**
   * The sums of values with attention weights.
   *
   * @param weights {@code [b, h, i, j]}
   * @return {@code [b, h, i, d]}
   */
  Value sums(Scope scope, Value weights);
}
