package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * A linear function of the condition, by which features are multiplied. Immutable.
 *
 * @param condition the number of features of the condition
 * @param dim the number of features that are multiplied
 * @param biased whether the linear layer has a bias
 */
public record ConditionedFactor(long condition, long dim, boolean biased) {
  /**
   * Computes the function.
   *
   * @param scope the parent module of {@code to_gamma}
   * @param given the condition: {@code [b, c]} or {@code [b, n, c]}
   * @return {@code [b, 1, dim]} or {@code [b, n, dim]}
   */
  Value of(Scope scope, Value given) {
    var gamma = new Linear(condition, dim, biased).of(scope.child("to_gamma"), given);
    return gamma.rank() == 2 ? scope.unsqueeze(gamma, 1) : gamma;
  }
}
