package ai.transonnx.op;

import ai.transonnx.graph.Value;

/**
 * Activation functions, applied to each element.
 *
 * <p>Not thread-safe: it belongs to a graph under construction.
 */
public interface Activations extends Arithmetic {
  /** The logistic function. */
  default Value sigmoid(Value x) {
    return expansion("Sigmoid")
        .map(scope -> Float64Expansions.sigmoid(scope, x))
        .orElseGet(() -> unary("Sigmoid", x));
  }

  /** The error function. */
  default Value erf(Value x) {
    Checks.floatingPoint(operation("Erf"), x);
    return expansion("Erf")
        .map(scope -> Float64Expansions.erf(scope, widen(x)))
        .orElseGet(() -> precise("Erf", x));
  }

  /** The hyperbolic tangent. */
  default Value tanh(Value x) {
    return unary("Tanh", x);
  }

  /** {@code log(1 + exp(x))}. */
  default Value softplus(Value x) {
    Checks.floatingPoint(operation("Softplus"), x);
    return expansion("Softplus")
        .map(scope -> Float64Expansions.softplus(scope, widen(x)))
        .orElseGet(() -> precise("Softplus", x));
  }

  /** The rectified linear unit: {@code max(x, 0)}. */
  default Value relu(Value x) {
    return unary("Relu", x);
  }

  /**
   * The sigmoid linear unit, also called swish: {@code x * sigmoid(x)}.
   *
   * @see <a href="https://arxiv.org/abs/1710.05941">Searching for Activation Functions</a>
   */
  default Value silu(Value x) {
    return mul(x, sigmoid(x));
  }

  /**
   * The Gaussian error linear unit, exact: {@code x * (1 + erf(x / sqrt(2))) / 2}.
   *
   * @see <a href="https://arxiv.org/abs/1606.08415">Gaussian Error Linear Units</a>
   */
  default Value gelu(Value x) {
    var operation = operation("Gelu");
    Checks.floatingPoint(operation, x);
    if (operation.opset() >= 20) {
      return expansion("Gelu")
          .map(scope -> Float64Expansions.gelu(scope, x))
          .orElseGet(() -> operation.input(x).output(x.type()));
    }
    var scaled = mul(x, scalar(Math.sqrt(0.5)));
    var gate = add(erf(scaled), scalar(1f));
    return mul(mul(x, gate), scalar(0.5f));
  }

  /**
   * The Gaussian error linear unit, approximated with tanh, as in GPT-2: {@code x * (1 +
   * tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2}.
   *
   * @see <a href="https://arxiv.org/abs/1606.08415">Gaussian Error Linear Units</a>
   */
  default Value geluTanh(Value x) {
    var operation = operation("Gelu");
    Checks.floatingPoint(operation, x);
    if (operation.opset() >= 20) {
      return expansion("Gelu")
          .map(scope -> Float64Expansions.geluTanh(scope, x))
          .orElseGet(() -> operation.input(x).attribute("approximate", "tanh").output(x.type()));
    }
    var wide = widen(x); // the cube overflows float16
    var cube = mul(mul(wide, wide), wide);
    var inner = add(wide, mul(cube, scalar(0.044715)));
    var gate = add(tanh(mul(inner, scalar(Math.sqrt(2 / Math.PI)))), scalar(1f));
    return mul(mul(wide, gate), scalar(0.5f));
  }
}
