package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Softmax: turns the scores of a query into positive weights that sum to 1.
 *
 * <p>Immutable; threads may share it.
 */
public record Softmax() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return scope.softmax(scores);
  }
}
