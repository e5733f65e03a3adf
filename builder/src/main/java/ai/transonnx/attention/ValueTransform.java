package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A transform of values before attention.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface ValueTransform {
  /**
   * Transforms values.
   *
   * @param scope the attention's module
   * @param values {@code [b, h, j, d]}
   * @param call the call of the attention
   * @return {@code [b, h, j, d]}
   */
  Value of(Scope scope, Value values, Attention.Call call);
}
