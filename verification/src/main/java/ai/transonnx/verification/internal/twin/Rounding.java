package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;

/**
 * Rounds values of the twin at random, as runtimes round them.
 *
 * <p>A value of type float32, float16 or bfloat16 is rounded to the nearest number of its type.
 * Before that, results whose last bits depend on the implementation are changed at random:
 * approximated functions by two roundings, and sums of n terms as if they were added one after the
 * other, in float32. The rounding error of a sum grows with its partial sums. If the terms have the
 * same sign, that is about sqrt(n / 3) roundings of the result; if they have random signs, as if
 * each term were changed by sqrt(n / 2) roundings.
 *
 * <p>ONNX Runtime's products with quantized weights round their operands as well, at accuracy
 * levels above 1.
 *
 * <p>Random numbers are the fraction of a value's product with a large random number, because ONNX
 * Runtime's own generator is ten times slower.
 *
 * @param type the type that results have in the file
 * @param random the name of a float64 scalar, a large random number that changes with each run
 */
record Rounding(DataType type, String random) {
  /** The relative error of one rounding in float32, in which all types are summed. */
  private static final double FLOAT32 = 0x1p-24;

  private static final double FLOAT16 = 0x1p-11;
  private static final double BFLOAT16 = 0x1p-8;

  private static final double APPROXIMATION = 2;
  private static final double RECURRENCE = 16;

  /** The call with operands that differ as the terms of sums are rounded. */
  Call operands(Call call, Computation to) {
    var exact = to.exact();
    switch (RoundingKind.of(call.operator())) {
      case PRODUCT -> {
        // The smaller one: activations, or keys and values rather than scores.
        int index = call.inputs().size() > 1 && !call.isWeight(1) && !isConvolution(call) ? 1 : 0;
        var terms = terms(call, exact);
        var changed = changed(call.input(index), scaled(terms, 2, exact), exact);
        return call.with(index, changed);
      }
      default -> {
        return call;
      }
    }
  }

  private static boolean isConvolution(Call call) {
    return call.operator().contains("Conv");
  }

  /** The result, rounded. */
  String result(Call call, String result, Computation to) {
    var exact = to.exact();
    return switch (RoundingKind.of(call.operator())) {
      case NONE -> result;
      case NEAREST -> nearest(result, exact);
      case APPROXIMATE ->
          nearest(changed(result, exact.number(2 * FLOAT32 * APPROXIMATION), exact), exact);
      case RECURRENT ->
          nearest(changed(result, exact.number(2 * FLOAT32 * RECURRENCE), exact), exact);
      case SOFTMAX ->
          nearest(changed(result, exact.number(2 * FLOAT32 * APPROXIMATION), exact), exact);
      case PRODUCT -> nearest(changed(result, scaled(terms(call, exact), 3, exact), exact), exact);
      case REDUCTION -> reduction(call, result, exact);
    };
  }

  /** Sums that float32 represents, such as counts, are exact in every runtime. */
  private String reduction(Call call, String result, Computation exact) {
    var terms =
        call.operator().equals("CumSum")
            ? exact.count(call.input(0))
            : exact.divide(
                exact.count(call.input(0)),
                exact.apply("Max", exact.count(result), exact.number(1)));
    var changedTerms = changed(call.input(0), scaled(terms, 2, exact), exact);
    var sum = exact.apply(call.with(0, changedTerms), 1).get(0);
    var rounded = nearest(changed(sum, scaled(terms, 3, exact), exact), exact);
    var nearest = nearest(result, exact);
    var isExact = exact.apply("Equal", result, nearest);
    return exact.apply("Where", isExact, nearest, rounded);
  }

  /** The number of terms of each sum, a float64 tensor of one element. */
  private static String terms(Call call, Computation exact) {
    return switch (call.operator()) {
      case "MatMul" -> exact.length(call.input(0), -1);
      case "Gemm" -> exact.length(call.input(0), call.integer("transA", 0) == 0 ? 1 : 0);
      case "com.microsoft.FusedMatMul" ->
          exact.length(call.input(0), call.integer("transA", 0) == 0 ? -1 : -2);
      case "Einsum" ->
          exact.apply("Sqrt", exact.apply("Max", exact.count(call.input(0)), exact.number(1)));
      default -> exact.divide(exact.count(call.input(1)), exact.length(call.input(1), 0));
    };
  }

  /** Twice sqrt(terms / divisor) roundings, or two for few terms. */
  private static String scaled(String terms, double divisor, Computation exact) {
    var roundings =
        exact.apply(
            "Sqrt", exact.apply("Max", exact.multiply(terms, 1 / divisor), exact.number(1)));
    var squeezed = exact.reshape(roundings, new long[0]);
    return exact.multiply(squeezed, 2 * FLOAT32);
  }

  /** Changes each element by a random share of at most half of {@code width}. */
  private String changed(String value, String width, Computation exact) {
    var factor = exact.add(exact.multiply(fraction(value, exact), width), exact.number(1));
    return exact.multiply(value, factor);
  }

  /** A random number from -0.5 to 0.5 for each element; 0 for 0. */
  private String fraction(String value, Computation exact) {
    var finite = exact.apply("Clip", value, exact.number(-1e30), exact.number(1e30));
    var large = exact.multiply(finite, random);
    return exact.subtract(large, exact.apply("Round", large));
  }

  /** Changes each element as if it was rounded to float16 or bfloat16. */
  String half(String value, DataType half, Computation exact) {
    double width = 2 * (half == DataType.FLOAT16 ? FLOAT16 : BFLOAT16);
    return changed(value, exact.number(width), exact);
  }

  /**
   * Changes each element as if it was rounded to int8, in blocks along the last axis, of which each
   * has a scale: by at most half of the largest magnitude divided by 127.
   *
   * @param value {@code [..., k]}
   */
  String inInt8(String value, long k, long block, Computation exact) {
    long blocks = (k + block - 1) / block;
    var rows = exact.reshape(value, -1, k);
    var padding = exact.constants().integers(0, 0, 0, blocks * block - k);
    var padded = exact.reshape(exact.plain("Pad", rows, padding), -1, blocks, block);
    var largest = exact.reduce("ReduceMax", exact.apply("Abs", padded), 2);
    var step = exact.multiply(largest, 1.0 / Byte.MAX_VALUE);
    var changed = exact.add(padded, exact.multiply(fraction(padded, exact), step));
    var whole = exact.slice(exact.reshape(changed, -1, blocks * block), 0, k, 1);
    return exact.reshape(whole, exact.shape(value));
  }

  /**
   * The nearest number of the type. In 16 bits, one of the two nearest: the random changes of sums,
   * which are of float32's size, would seldom change the rounding. A number of the type stays the
   * same.
   */
  String nearest(String value, Computation exact) {
    return switch (type) {
      case FLOAT16 -> rounded(changed(value, exact.number(FLOAT16), exact), exact);
      case BFLOAT16 -> rounded(changed(value, exact.number(BFLOAT16), exact), exact);
      default -> rounded(value, exact);
    };
  }

  private String rounded(String value, Computation exact) {
    return exact.toFloat64(exact.cast(value, type));
  }
}
