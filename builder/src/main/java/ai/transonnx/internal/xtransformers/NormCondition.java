package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;

/**
 * The condition of the norms and scales of a stack. Immutable.
 *
 * @param features the number of features of the input
 * @param hidden the number of features of the condition
 * @param projected whether a linear layer and SiLU compute the condition from the input; otherwise,
 *     it is the input
 * @see <a href="https://arxiv.org/abs/2212.09748">Scalable Diffusion Models with Transformers</a>
 */
public record NormCondition(long features, long hidden, boolean projected) {
  /** The input. */
  ConditionVectors vectors() {
    return new ConditionVectors("condition", features);
  }

  /**
   * The condition.
   *
   * @param scope the stack's module
   * @param given {@code [b, c]} or {@code [b, n, c]}
   */
  Value of(Scope scope, Value given) {
    if (!projected) {
      return given;
    }
    var mlp = scope.child("adaptive_mlp");
    return mlp.silu(new Linear(features, hidden, false).of(mlp.child(0), given));
  }
}
