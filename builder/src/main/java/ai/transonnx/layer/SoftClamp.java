package ai.transonnx.layer;

import ai.transonnx.config.ConfigException;
import ai.transonnx.graph.Value;
import ai.transonnx.op.Scope;

/**
 * A smooth limit of numbers: {@code limit * tanh(x / limit)}.
 *
 * <p>Immutable; threads may share it.
 *
 * @see <a href="https://arxiv.org/abs/2408.00118">Gemma 2</a>
 */
public record SoftClamp(double limit) {
  /** Applies the function to each element. */
  public Value of(Scope scope, Value x) {
    var constant = scope.scalar(limit);
    return scope.mul(scope.tanh(scope.div(x, constant)), constant);
  }

  /**
   * Checks the limit in an option.
   *
   * @throws ConfigException if it is not positive and finite
   */
  public static void check(String key, double limit) {
    if (!(limit > 0 && limit < Float.MAX_VALUE)) {
      throw ConfigException.notAllowed(key, limit, "a number above 0");
    }
  }
}
