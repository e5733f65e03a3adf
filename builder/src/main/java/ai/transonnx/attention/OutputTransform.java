package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Something done to what attention has gathered.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface OutputTransform {
  /**
   * Transforms it.
   *
   * @param scope the attention's
   * @param out by head {@code [b, h, n, d]}, or together {@code [b * n, h * d]}
   * @param x what went into the attention: {@code [b, n, dim]}, or together {@code [b * n, dim]}
   * @return of the shape of {@code out}
   */
  Value of(Scope scope, Value out, Value x);
}
