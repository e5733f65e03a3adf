package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * Attention weights that are sigmoids of scores, whose sum is not 1.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/2409.04431">Sigmoid self-attention</a>
 */
public record SigmoidWeights() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    return scope.sigmoid(scores);
  }
}
