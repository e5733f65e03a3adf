package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * RMS norm of each head's values, {@code value_rmsnorm}. Learned memory values are not normalized.
 *
 * <p>Immutable; threads may share it.
 */
public record ValueRmsNorm(HeadRmsNorm norm) implements ValueTransform {
  @Override
  public Value of(Scope scope, Value values, Attention.Call call) {
    return norm.of(scope.child("value_rmsnorm"), values);
  }
}
