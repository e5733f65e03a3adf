package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;

/**
 * The error function in float64: the nearest of {@value #POINTS} values in a table, and four terms
 * of the Taylor series around it. The error is below 1e-15.
 */
final class ErrorFunction {
  /** Above it, the function is 1 in float64. */
  private static final int LIMIT = 6;

  private static final int STEPS = 1024; // in a unit
  private static final int POINTS = 2 * LIMIT * STEPS + 1;

  private static final double[] VALUES = new double[POINTS];
  private static final double[] SLOPES = new double[POINTS];

  static {
    for (int i = 0; i < POINTS; i++) {
      double x = (double) i / STEPS - LIMIT;
      VALUES[i] = value(x);
      SLOPES[i] = slope(x);
    }
  }

  private ErrorFunction() {}

  /** Writes the function of the call's input. */
  static String write(Call call, Computation to) {
    var x = to.apply("Clip", call.input(0), to.number(-LIMIT), to.number(LIMIT));
    var index = to.apply("Round", to.multiply(x, STEPS));
    var middle = to.multiply(index, 1.0 / STEPS);
    var row = to.cast(to.add(index, to.number((double) LIMIT * STEPS)), DataType.INT64);
    var last = to.constants().integer(POINTS - 1);
    var inside = to.plain("Clip", row, to.constants().integer(0), last); // If x is not a number.
    var value = to.plain("Gather", to.constants().vector("erf", VALUES), inside);
    var slope = to.plain("Gather", to.constants().vector("erf'", SLOPES), inside);
    var distance = to.subtract(x, middle);
    return to.add(value, to.multiply(slope, series(middle, distance, to)));
  }

  /** d (1 - x d + d^2 (2 x^2 - 1) / 3 + x d^3 (3 - 2 x^2) / 6) */
  private static String series(String x, String d, Computation to) {
    var product = to.multiply(x, d);
    var twice = to.multiply(to.multiply(x, x), 2);
    var third = to.multiply(to.subtract(twice, to.number(1)), 1 / 3.0);
    var fourth = to.multiply(to.multiply(product, to.subtract(to.number(3), twice)), 1 / 6.0);
    var higher = to.multiply(to.multiply(d, d), to.add(third, fourth));
    var sum = to.add(to.subtract(to.number(1), product), higher);
    return to.multiply(d, sum);
  }

  /** 2 / sqrt(pi) exp(-x^2) times the sum of 2^k x^(2k + 1) / (1 * 3 * ... * (2k + 1)). */
  static double value(double x) {
    double term = x;
    double sum = x;
    for (int k = 1; Math.abs(term) > 1e-18 * Math.abs(sum); k++) {
      term *= 2 * x * x / (2 * k + 1);
      sum += term;
    }
    return Math.max(-1, Math.min(slope(x) * sum, 1));
  }

  private static double slope(double x) {
    return 2 / Math.sqrt(Math.PI) * Math.exp(-x * x);
  }
}
