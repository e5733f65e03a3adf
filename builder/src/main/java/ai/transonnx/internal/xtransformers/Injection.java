package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.layer.Linear;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * What is added to the input of each layer before its norm, but not to the residual. Immutable.
 *
 * @param projects whether it is a linear function of the stack's input, {@code reinject_input}
 * @param acceptsVectors whether calls accept other vectors instead
 * @param gated whether a sigmoid of a linear function of the stack's input multiplies it
 * @see <a href="https://arxiv.org/abs/1909.01377">Deep Equilibrium Models</a>
 */
public record Injection(int dim, boolean projects, boolean acceptsVectors, boolean gated) {
  /** The input with the vectors that calls accept. */
  ConditionVectors vectors() {
    return new ConditionVectors("in_attn_cond", dim);
  }

  /**
   * The added values.
   *
   * @param scope the stack's module
   * @param x the stack's input: {@code [b, n, d]}
   * @param given the vectors of the call: {@code [b, d]} or {@code [b, n, d]}; or null
   * @return {@code [b, 1, d]} or {@code [b, n, d]}; null if nothing is added
   */
  @Nullable Value of(Scope scope, Value x, @Nullable Value given) {
    if (!projects && given == null) {
      return null;
    }
    var added =
        given == null
            ? new Linear(dim, dim, false).of(scope.child("reinject_input_proj"), x)
            : given.rank() == 2 ? scope.unsqueeze(given, 1) : given;
    if (!gated) {
      return added;
    }
    var gate = new Linear(dim, 1, false).of(scope.child("learned_reinject_input_gate"), x);
    return scope.mul(added, scope.sigmoid(gate));
  }
}
