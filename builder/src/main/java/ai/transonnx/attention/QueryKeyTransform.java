package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.graph.WeightExpression;
import ai.transonnx.op.Scope;

/**
 * A transform of queries and keys before they are rotated.
 *
 * <p>Implementations are immutable; threads may share them.
 */
public interface QueryKeyTransform {
  /** Transforms queries {@code [b, h, i, d]}; {@code scope} is the attention's module. */
  Value queries(Scope scope, Value q);

  /** Transforms keys {@code [b, h, j, d]}. */
  Value keys(Scope scope, Value k);

  /** Transforms learned memory keys {@code [h, m, d]}. */
  default Value memory(Scope scope, WeightExpression k) {
    return scope.parameter(k);
  }
}
