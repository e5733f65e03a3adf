package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * The scores of which sigsoftmax is the softmax: each score plus the logarithm of its sigmoid.
 * Masked scores stay finite, so that a query whose keys are all masked attends to all of them
 * alike.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/1805.10829">Sigsoftmax</a>
 */
public record SigSoftmaxScores() implements ScoreTransform {
  @Override
  public Value of(Scope scope, Value scores, ScoreContext context) {
    var all = scope.widen(scores);
    var sum = scope.sub(all, scope.softplus(scope.neg(all))); // s + log sigmoid(s)
    return scope.max(sum, scope.lowest());
  }
}
