package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;

/** Functions of single elements, by others that have kernels for float64. */
final class PointwiseExpansions {
  private PointwiseExpansions() {}

  static String relu(Call call, Computation to) {
    return to.apply("Max", call.input(0), to.number(0));
  }

  static String leakyRelu(Call call, Computation to) {
    return sloped(call.input(0), to.number(call.number("alpha", 0.01f)), to);
  }

  static String prelu(Call call, Computation to) {
    return sloped(call.input(0), call.input(1), to);
  }

  private static String sloped(String x, String slope, Computation to) {
    return ifNegative(x, to.multiply(x, slope), x, to);
  }

  private static String ifNegative(String x, String negative, String other, Computation to) {
    return to.apply("Where", to.apply("Less", x, to.number(0)), negative, other);
  }

  static String elu(Call call, Computation to) {
    return elu(call.input(0), call.number("alpha", 1), 1, to);
  }

  static String celu(Call call, Computation to) {
    double alpha = call.number("alpha", 1);
    return elu(call.input(0), alpha, alpha, to);
  }

  static String selu(Call call, Computation to) {
    var elu = elu(call.input(0), call.number("alpha", 1.6732632f), 1, to);
    return to.multiply(elu, call.number("gamma", 1.050701f));
  }

  /** alpha * (exp(x / scale) - 1) below zero. */
  private static String elu(String x, double alpha, double scale, Computation to) {
    var negative = to.apply("Min", x, to.number(0));
    var exponential = to.apply("Exp", to.multiply(negative, 1 / scale));
    var below = to.multiply(to.subtract(exponential, to.number(1)), alpha);
    return ifNegative(x, below, x, to);
  }

  /** log(1 + exp(x)), without overflow. */
  static String softplus(Call call, Computation to) {
    var x = call.input(0);
    var small = to.apply("Exp", to.apply("Neg", to.apply("Abs", x)));
    var log = to.apply("Log", to.add(small, to.number(1)));
    return to.add(to.apply("Max", x, to.number(0)), log);
  }

  static String softsign(Call call, Computation to) {
    var x = call.input(0);
    return to.divide(x, to.add(to.apply("Abs", x), to.number(1)));
  }

  static String thresholdedRelu(Call call, Computation to) {
    var x = call.input(0);
    var isAbove = to.apply("Greater", x, to.number(call.number("alpha", 1)));
    return to.apply("Where", isAbove, x, to.number(0));
  }

  static String hardSigmoid(Call call, Computation to) {
    return hardSigmoid(call.input(0), call.number("alpha", 0.2f), call.number("beta", 0.5f), to);
  }

  private static String hardSigmoid(String x, double alpha, double beta, Computation to) {
    var line = to.add(to.multiply(x, alpha), to.number(beta));
    return to.apply("Max", to.apply("Min", line, to.number(1)), to.number(0));
  }

  static String hardSwish(Call call, Computation to) {
    return to.multiply(call.input(0), hardSigmoid(call.input(0), 1 / 6.0, 0.5, to));
  }

  static String swish(Call call, Computation to) {
    return swish(call.input(0), call.number("alpha", 1), to);
  }

  static String quickGelu(Call call, Computation to) {
    return swish(call.input(0), call.number("alpha", 1.702f), to);
  }

  private static String swish(String x, double alpha, Computation to) {
    return to.multiply(x, to.apply("Sigmoid", alpha == 1 ? x : to.multiply(x, alpha)));
  }

  static String mish(Call call, Computation to) {
    return to.multiply(call.input(0), to.apply("Tanh", to.apply("Softplus", call.input(0))));
  }

  static String sinh(Call call, Computation to) {
    return hyperbolic(call, "Sub", to);
  }

  static String cosh(Call call, Computation to) {
    return hyperbolic(call, "Add", to);
  }

  private static String hyperbolic(Call call, String operator, Computation to) {
    var positive = to.apply("Exp", call.input(0));
    var negative = to.apply("Exp", to.apply("Neg", call.input(0)));
    return to.multiply(to.apply(operator, positive, negative), 0.5);
  }

  static String tan(Call call, Computation to) {
    return to.divide(to.apply("Sin", call.input(0)), to.apply("Cos", call.input(0)));
  }

  /** One step of Newton's method for each half of the digits, from the angle in float32. */
  static String atan(Call call, Computation to) {
    var x = call.input(0);
    var angle = to.toFloat64(to.plain("Atan", to.cast(x, DataType.FLOAT)));
    for (int step = 0; step < 2; step++) {
      var sine = to.apply("Sin", angle);
      var cosine = to.apply("Cos", angle);
      // tan(a) - x over the tangent's derivative: (sin(a) - x cos(a)) cos(a)
      var error = to.multiply(to.subtract(sine, to.multiply(x, cosine)), cosine);
      angle = to.subtract(angle, error);
    }
    return angle;
  }

  static String mean(Call call, Computation to) {
    var sum = to.apply(Call.of("Sum", call.inputs(), List.of()), 1).get(0);
    return to.multiply(sum, 1.0 / call.inputs().size());
  }

  static String gelu(Call call, Computation to) {
    return call.text("approximate", "none").equals("tanh")
        ? tanhGelu(call.input(0), to)
        : gelu(call.input(0), to);
  }

  static String biasGelu(Call call, Computation to) {
    return gelu(to.add(call.input(0), call.input(1)), to);
  }

  static String fastGelu(Call call, Computation to) {
    var x = call.input(0);
    return tanhGelu(call.optional(1).map(bias -> to.add(x, bias)).orElse(x), to);
  }

  /** x / 2 * (1 + erf(x / sqrt(2))) */
  private static String gelu(String x, Computation to) {
    var erf = to.apply("Erf", to.multiply(x, Math.sqrt(0.5)));
    return to.multiply(to.multiply(x, 0.5), to.add(erf, to.number(1)));
  }

  /** x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))) */
  private static String tanhGelu(String x, Computation to) {
    var cube = to.multiply(x, to.multiply(x, x));
    var inner = to.multiply(to.add(x, to.multiply(cube, 0.044715)), Math.sqrt(2 / Math.PI));
    return to.multiply(to.multiply(x, 0.5), to.add(to.apply("Tanh", inner), to.number(1)));
  }

  /** Zeros and ones of integers, which select one of the two given values. */
  static String oneHot(Call call, Computation to) {
    var flags = to.constants().integers(0, 1);
    var selected = to.plain("OneHot", call.attributes(), call.input(0), call.input(1), flags);
    var off = to.slice(call.input(2), 0, 1, 0);
    var on = to.slice(call.input(2), 1, 2, 0);
    return to.apply("Where", to.cast(selected, DataType.BOOL), on, off);
  }

  static String nonZero(Call call, Computation to) {
    return to.plain("NonZero", to.cast(call.input(0), DataType.BOOL));
  }
}
