package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A transform of attention's output before the output projection.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface OutputTransform {
  /**
   * Transforms the output.
   *
   * @param scope the attention's module
   * @param out the output by head {@code [b, h, n, d]}, or of all heads {@code [b * n, h * d]}
   * @param x the attention's input {@code [b, n, dim]}, or as rows {@code [b * n, dim]}
   * @return a value of the shape of {@code out}
   */
  Value of(Scope scope, Value out, Value x);
}
