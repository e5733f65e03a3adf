package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Softmax of transformed scores.
 *
 * <p>Immutable; threads may share it.
 *
 * @param transform transforms the scores before the softmax
 */
public record SoftmaxOf(ScoreTransform transform) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return scope.softmax(transform.of(scope, scores, context));
  }
}
