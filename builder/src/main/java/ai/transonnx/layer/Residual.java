package ai.transonnx.layer;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * How a branch's outcome joins what went into it.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface Residual {
  /**
   * Joins them.
   *
   * @param scope where the weights are
   * @param branch {@code [b, n, d]}
   * @param residual what went into the branch: {@code [b, n, d]}
   * @return {@code [b, n, d]}
   */
  Value of(Scope scope, Value branch, Value residual);
}
