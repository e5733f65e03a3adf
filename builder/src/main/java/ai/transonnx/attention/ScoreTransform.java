package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A transform of the scores of all heads, or of the attention weights.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface ScoreTransform {
  /**
   * Transforms scores or weights.
   *
   * @param scope the attention's module
   * @param scores {@code [b, h, i, j]}
   * @param context the values that the scores come from
   * @return {@code [b, h, i, j]}
   */
  Value of(Scope scope, Value scores, ScoreContext context);

  /** Whether a call must have as many queries as keys of its sequence. */
  default boolean isSquare() {
    return false;
  }

  /** Whether the order of keys matters, so that a cache must not reuse their slots. */
  default boolean needsKeysInOrder() {
    return false;
  }
}
