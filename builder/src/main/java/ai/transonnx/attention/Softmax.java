package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Scores of a query become weights that sum to 1, each above 0.
 *
 * <p>Immutable; threads may share it.
 */
public record Softmax() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores) {
    return scope.softmax(scores);
  }
}
