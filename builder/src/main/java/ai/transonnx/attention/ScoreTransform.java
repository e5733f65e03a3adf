package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Something done to the scores of all heads, or to the weights that they become.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface ScoreTransform {
  /**
   * Transforms them.
   *
   * @param scope the attention's
   * @param scores {@code [b, h, i, j]}
   * @return {@code [b, h, i, j]}
   */
  Value of(Scope scope, Value scores);
}
