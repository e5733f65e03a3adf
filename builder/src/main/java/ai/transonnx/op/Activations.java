package ai.transonnx.op;

import ai.transonnx.graph.Value;

/** Nonlinearities. */
public interface Activations extends Arithmetic {
  /** The positive part: {@code max(x, 0)}. */
  default Value relu(Value x) {
    return floating("Relu", x);
  }

  /** {@code 1 / (1 + exp(-x))}. */
  default Value sigmoid(Value x) {
    return floating("Sigmoid", x);
  }

  /** The error function. */
  default Value erf(Value x) {
    return floating("Erf", x);
  }

  /** The sigmoid linear unit: {@code x * sigmoid(x)}. */
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
      return operation.input(x).output(x.type());
    }
    var scaled = mul(x, scalar((float) Math.sqrt(0.5)));
    var gate = add(unary("Erf", scaled), scalar(1f));
    return mul(mul(x, gate), scalar(0.5f));
  }
}
