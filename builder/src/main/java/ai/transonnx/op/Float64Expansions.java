package ai.transonnx.op;

import ai.transonnx.format.ElementType;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.Tensor;
import ai.transonnx.graph.Value;
import org.jspecify.annotations.Nullable;

/**
 * Expressions in place of operators for which ONNX Runtime's CPU provider has no float64 kernel.
 * They are exact to a few roundings of float64. Operands are cast to float64, and results to the
 * operand's type.
 *
 * <p>Each takes the {@linkplain Operators#expansion scope} of the operator.
 */
final class Float64Expansions {
  /**
   * {@code erf(x) / x} for x from 0 to 1: a quotient of polynomials of the square of x, with a
   * relative error of 8e-17.
   */
  private static final double[] SMALL_NUMERATOR = {
    1.1283791670955126,
    0.08822601470062601,
    0.038180414611312045,
    -0.00016202632778441602,
    0.00011880850693921845,
    -3.086440472868818e-06
  };

  private static final double[] SMALL_DENOMINATOR = {
    1.0, 0.41152160308640157, 0.07101037914956475, 0.0061838977816245175, 0.00023405647665976652
  };

  /**
   * {@code (1 - erf(x)) * exp(x * x)} for x from 1 to 6: a quotient of polynomials of x, with a
   * relative error of 2e-18.
   */
  private static final double[] LARGE_NUMERATOR = {
    0.9999999919821196,
    1.8464297011906037,
    1.6811572562802977,
    0.9478200604415301,
    0.35399475837096284,
    0.08761733069808797,
    0.013437018132226431,
    0.0010136976074898655
  };

  private static final double[] LARGE_DENOMINATOR = {
    1.0,
    2.9748087810016517,
    4.037869968310451,
    3.2815108663231762,
    1.7567252361319634,
    0.6393470563385031,
    0.156196071566914,
    0.02381649350707143,
    0.0017967322445680252
  };

  /** From here on, the error function is 1 in float64. */
  private static final double ONE_FROM = 6;

  private Float64Expansions() {}

  /** The error function. */
  static Value erf(Scope s, Value given) {
    var x = s.cast(given, ElementType.FLOAT64);
    var one = number(s, 1);
    var size = s.abs(x);
    var small = s.min(size, one);
    var square = s.mul(small, small);
    var near =
        s.mul(
            small,
            s.div(
                polynomial(s, square, SMALL_NUMERATOR), polynomial(s, square, SMALL_DENOMINATOR)));
    var large = s.min(s.max(size, one), number(s, ONE_FROM));
    var quotient =
        s.div(polynomial(s, large, LARGE_NUMERATOR), polynomial(s, large, LARGE_DENOMINATOR));
    var rest = s.mul(s.exp(s.neg(s.mul(large, large))), quotient); // 1 - erf
    var positive = s.where(s.less(size, one), near, s.sub(one, rest));
    return finished(s, s.mul(s.sign(x), positive), given);
  }

  /**
   * {@code 1 / (1 + exp(-x))}. ONNX Runtime has a kernel, but fuses it with a product to an
   * operator that has none.
   */
  static Value sigmoid(Scope s, Value given) {
    var x = s.cast(given, ElementType.FLOAT64);
    var one = number(s, 1);
    return finished(s, s.div(one, s.add(s.exp(s.neg(x)), one)), given);
  }

  /** {@code log(1 + exp(x))}, without overflow and without the loss of a small exponential. */
  static Value softplus(Scope s, Value given) {
    var x = s.cast(given, ElementType.FLOAT64);
    var one = number(s, 1);
    var power = s.exp(s.neg(s.abs(x))); // at most 1
    var sum = s.add(power, one);
    var lost = s.sub(power, s.sub(sum, one)); // the rounding error of the sum
    var logarithm = s.add(s.log(sum), s.div(lost, sum));
    return finished(s, s.add(s.max(x, number(s, 0)), logarithm), given);
  }

  /** {@code x * (1 + erf(x / sqrt(2))) / 2}. */
  static Value gelu(Scope s, Value given) {
    var x = s.cast(given, ElementType.FLOAT64);
    var gate = s.add(s.erf(s.mul(x, number(s, Math.sqrt(0.5)))), number(s, 1));
    return finished(s, s.mul(s.mul(x, gate), number(s, 0.5)), given);
  }

  /** {@code x * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x^3))) / 2}. */
  static Value geluTanh(Scope s, Value given) {
    var x = s.cast(given, ElementType.FLOAT64);
    var cube = s.mul(s.mul(x, x), x);
    var inner = s.add(x, s.mul(cube, number(s, 0.044715)));
    var gate = s.add(s.tanh(s.mul(inner, number(s, Math.sqrt(2 / Math.PI)))), number(s, 1));
    return finished(s, s.mul(s.mul(x, gate), number(s, 0.5)), given);
  }

  /**
   * Layer normalization over the last axis. ONNX Runtime has a kernel, but the attribute {@code
   * epsilon} is float32.
   *
   * @param epsilon added to the variance; the attribute's value in a graph of another precision
   */
  static Value layerNormalization(
      Scope s, Value given, Value weight, @Nullable Value bias, double epsilon) {
    var x = s.cast(given, ElementType.FLOAT64);
    var count = number(s, x.dim(-1).size());
    var centred = s.sub(x, s.div(s.keptSum(x, -1), count));
    var variance = s.div(s.keptSum(s.mul(centred, centred), -1), count);
    boolean isExact = s.wideType() == ElementType.FLOAT64;
    var added = s.add(variance, number(s, isExact ? epsilon : (float) epsilon));
    var normed = s.div(centred, s.sqrt(added));
    var scaled = s.mul(normed, s.cast(weight, ElementType.FLOAT64));
    return finished(
        s, bias == null ? scaled : s.add(scaled, s.cast(bias, ElementType.FLOAT64)), given);
  }

  /**
   * A convolution with kernels of size 1 as a matrix product.
   *
   * @param image {@code [b, c, i, j]}
   * @param kernels {@code [m, c, 1, 1]}
   * @return {@code [b, m, i, j]}
   */
  static Value pointwiseConvolution(Scope s, Value image, Value kernels) {
    var matrix = s.reshape(kernels, Shape.of(kernels.dim(0), kernels.dim(1))); // [m, c]
    var vectors = s.transpose(image, 0, 2, 3, 1); // [b, i, j, c]
    var products = s.matMul(vectors, s.transpose(matrix, 1, 0)); // [b, i, j, m]
    return finished(s, s.transpose(products, 0, 3, 1, 2), image);
  }

  private static Value polynomial(Scope s, Value x, double... coefficients) {
    int last = coefficients.length - 1;
    var sum = number(s, coefficients[last]);
    for (int i = last - 1; i >= 0; i--) {
      sum = s.add(s.mul(sum, x), number(s, coefficients[i]));
    }
    return sum;
  }

  private static Value number(Scope s, double value) {
    return s.constant(Tensor.scalar(ElementType.FLOAT64, value));
  }

  private static Value finished(Scope s, Value result, Value given) {
    return s.result(s.cast(result, given.elements()));
  }
}
