package ai.transonnx.verification.internal.twin;

/**
 * Rotary position embeddings, ONNX's: x {@code [b, h, n, d]} or {@code [b, n, h * d]}, cosines and
 * sines of each pair's angle.
 */
final class RotaryExpansion {
  private RotaryExpansion() {}

  /** ONNX's operator: x, cosines, sines, positions. */
  static String onnx(Call call, Computation to) {
    var cosines = call.input(1);
    var sines = call.input(2);
    if (call.optional(3).isPresent()) {
      cosines = to.plain("Gather", cosines, call.input(3));
      sines = to.plain("Gather", sines, call.input(3));
    }
    return rotated(call, new Angles(cosines, sines), to);
  }

  /** ONNX Runtime's operator: x, positions, cosines, sines. */
  static String onnxRuntime(Call call, Computation to) {
    if (call.number("scale", 1) != 1 || call.integer("is_packed_batching", 0) != 0) {
      throw call.unsupported("scale and packed batches are not supported");
    }
    var positions = call.input(1);
    var x = call.input(0);
    // A single number is the first position of all rows.
    var length = to.plain("Squeeze", to.size(x, call.integer("num_heads", 0) > 0 ? 1 : -2));
    var first = to.constants().integer(0);
    var step = to.constants().integer(1);
    var range = to.plain("Range", first, length, step);
    var isSingle = to.plain("Equal", to.plain("Size", positions), to.constants().integer(1));
    var offset = to.plain("Where", isSingle, range, to.constants().integer(0));
    var all = to.plain("Add", positions, offset);
    return rotated(
        call,
        new Angles(to.plain("Gather", call.input(2), all), to.plain("Gather", call.input(3), all)),
        to);
  }

  /** Cosines and sines, {@code [b, n, pairs]}. */
  record Angles(String cosines, String sines) {}

  private static String rotated(Call call, Angles angles, Computation to) {
    var x = call.input(0);
    long heads = call.integer("num_heads", 0);
    boolean isJoined = heads > 0; // [b, n, h * d]
    var apart = isJoined ? to.reshape(x, 0, 0, heads, -1) : to.transpose(x, 0, 2, 1, 3);
    var result = rotate(call, apart, angles, to); // [b, n, h, d]
    return isJoined ? to.reshape(result, to.shape(x)) : to.transpose(result, 0, 2, 1, 3);
  }

  /** Rotates x {@code [b, n, h, d]}. */
  private static String rotate(Call call, String x, Angles angles, Computation to) {
    var cosines = to.unsqueeze(angles.cosines(), 2); // [b, n, 1, pairs]
    var sines = to.unsqueeze(angles.sines(), 2);
    var pairs = to.size(cosines, -1);
    var turning = to.plain("Mul", pairs, to.constants().integers(2));
    var end = to.constants().integers(Long.MAX_VALUE);
    var zero = to.constants().integers(0);
    var last = to.constants().integers(-1);
    boolean areNeighbours = call.integer("interleaved", 0) != 0;
    var step = to.constants().integers(areNeighbours ? 2 : 1);
    var firstEnd = areNeighbours ? turning : pairs;
    var secondStart = areNeighbours ? to.constants().integers(1) : pairs;
    var a = to.plain("Slice", x, zero, firstEnd, last, step); // [b, n, h, pairs]
    var b = to.plain("Slice", x, secondStart, turning, last, step);
    var real = to.subtract(to.multiply(a, cosines), to.multiply(b, sines));
    var imaginary = to.add(to.multiply(a, sines), to.multiply(b, cosines));
    var rotated =
        areNeighbours
            ? to.reshape(
                to.concat(-1, to.unsqueeze(real, 4), to.unsqueeze(imaginary, 4)),
                to.concat(0, to.constants().integers(0, 0, 0), turning))
            : to.concat(-1, real, imaginary);
    var unchanged = to.plain("Slice", x, turning, end, last);
    return to.concat(-1, rotated, unchanged);
  }
}
