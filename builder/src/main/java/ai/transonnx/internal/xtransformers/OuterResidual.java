package ai.transonnx.internal.xtransformers;

import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;
import org.jspecify.annotations.Nullable;

/**
 * The second residual stream of ResiDual: the sum of the input and all layers' outputs, which no
 * layer sees before it is normalized. Immutable.
 *
 * @param scale a factor of everything that is summed
 * @param connected whether outputs are added by the layers' own residual connections
 * @see <a href="https://arxiv.org/abs/2304.14802">ResiDual</a>
 */
public record OuterResidual(double scale, boolean connected) {
  /** The sum before the first layer, whose input is {@code [b, n, d]}. */
  Value first(Scope scope, Value x) {
    return scaled(scope, x);
  }

  /**
   * The sum after a layer.
   *
   * @param module the layer's module
   * @param branch the layer's output: {@code [b, n, d]}
   * @param mask bool {@code [b, n]}: positions that are not padding, or null
   */
  Value added(Scope module, Connection connection, Value sum, Value branch, @Nullable Value mask) {
    return connected
        ? connection.open(module.child(2), sum, mask).close().apply(branch)
        : module.add(sum, scaled(module, branch));
  }

  private Value scaled(Scope scope, Value x) {
    return scale == 1 ? x : scope.mul(x, scope.scalar(scale));
  }
}
