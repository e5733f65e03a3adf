package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A bias of the scores that depends on the distance of query and key.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface PositionBias {
  /**
   * Computes the bias.
   *
   * @param scope the module that has the bias's weights
   * @return {@code [h, i, j]}, or {@code [b, h, i, j]} if the rows are at different positions
   */
  Value of(Scope scope, Positions positions);

  /** Whether calls must have as many queries as keys. */
  default boolean isSquare() {
    return false;
  }

  /** The bias of the keys of a sequence, without others before them. */
  default PositionBias ofSequence() {
    return this;
  }
}
