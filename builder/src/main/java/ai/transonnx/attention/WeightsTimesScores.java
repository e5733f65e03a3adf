package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Multiplies attention weights by a mixture of all heads' scores, from before all transforms of
 * these.
 *
 * <p>Immutable; threads may share it.
 *
 * @param mixing computes the mixture
 */
public record WeightsTimesScores(ScoreTransform mixing) implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value weights, ScoreContext context) {
    return scope.mul(weights, mixing.of(scope, context.products(), context));
  }
}
