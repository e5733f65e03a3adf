package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Encodes positions in the features of queries or keys.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface PositionEncoding {
  /**
   * Encodes the positions of a call.
   *
   * @param x {@code [b, h, n, d]}
   * @return {@code [b, h, n, d]}, or more features
   */
  Value of(Scope scope, Value x);
}
