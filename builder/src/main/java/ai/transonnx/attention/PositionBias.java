package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * What is added to the scores for how far a query and a key are apart.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface PositionBias {
  /**
   * The bias.
   *
   * @param scope where its weights are
   * @return {@code [h, i, j]}, or {@code [b, h, i, j]} where rows stand at different places
   */
  Value of(Scope scope, Positions positions);

  /** Whether there must be as many queries as keys. */
  default boolean isSquare() {
    return false;
  }
}
