package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Adds a mixture of all heads' scores to each head's.
 *
 * <p>Immutable; threads may share it.
 *
 * @param mixing computes the mixture
 */
public record AddedHeads(ScoreTransform mixing) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return scope.add(scores, mixing.of(scope, scores, context));
  }
}
