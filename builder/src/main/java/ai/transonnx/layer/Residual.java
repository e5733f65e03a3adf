package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A residual connection: combines a branch's output with its input.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface Residual {
  /**
   * Combines the two.
   *
   * @param scope the module that has the connection's weights
   * @param branch the branch's output: {@code [b, n, d]}
   * @param residual the branch's input: {@code [b, n, d]}
   * @return {@code [b, n, d]}
   */
  Value of(Scope scope, Value branch, Value residual);
}
