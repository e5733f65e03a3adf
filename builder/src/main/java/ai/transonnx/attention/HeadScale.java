package ai.transonnx.attention;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A learned per-head scale of the output.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/2110.09456">NormFormer</a>
 */
public record HeadScale(int heads) implements OutputTransform {
  @Override
  public Value of(Scope scope, Value out, Value x) {
    return scope.mul(out, scope.parameter("head_scale_params", 1, heads, 1, 1));
  }
}
