package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.stream.LongStream;

/** Numbers that are stored as integers with a scale and a zero point. */
final class QuantizationExpansions {
  private QuantizationExpansions() {}

  /** (x - zero point) * scale: one scale, or one for each index of an axis. */
  static String dequantize(Call call, Computation to) {
    if (call.integer("block_size", 0) != 0) {
      throw call.unsupported("blocks are not supported");
    }
    var x = to.toFloat64(call.input(0));
    var centered =
        call.optional(2)
            .map(zero -> to.subtract(x, to.toFloat64(alongAxis(call, zero, to))))
            .orElse(x);
    return to.multiply(centered, alongAxis(call, call.input(1), to));
  }

  /** A vector with an element for each index of the axis, followed by axes of size 1. */
  private static String alongAxis(Call call, String value, Computation to) {
    var sizes =
        call.sizes(1)
            .orElseThrow(() -> call.unsupported("the number of scales is not in the file"));
    if (sizes.stream().allMatch(size -> size == 1)) {
      return to.reshape(value, new long[0]);
    }
    long axis = call.integer("axis", 1);
    if (axis >= 0) {
      var rank =
          call.sizes(0)
              .orElseThrow(
                  () ->
                      call.unsupported(
                          "its axis counts from the first, and the number of axes is unknown"));
      axis -= rank.size();
    }
    return axis >= -1 ? value : to.unsqueeze(value, LongStream.range(1, -axis).toArray());
  }

  /**
   * ONNX Runtime's product with a matrix of 4 or 8 bits: x {@code [..., k]}, weights {@code [n,
   * blocks, bytes]}, scales, zero points.
   */
  static String matMulNBits(Call call, Computation to) {
    long bits = call.integer("bits", 4);
    if (bits != 4 && bits != 8) {
      throw call.unsupported("%s bits are not supported".formatted(bits));
    }
    if (call.optional(4).isPresent()) {
      throw call.unsupported("an order of groups is not supported");
    }
    long n = call.integer("N", 0);
    long k = call.integer("K", 0);
    long block = call.integer("block_size", 0);
    if (n < 1 || k < 1 || block < 1) {
      throw call.unsupported("it does not state its sizes");
    }
    long blocks = (k + block - 1) / block;
    var exact = to.exact();
    var numbers = exact.reshape(unpacked(call.input(1), bits, exact), n, blocks, block);
    var zero =
        call.optional(3)
            .map(points -> zeroPoints(call, points, new long[] {n, blocks, bits}, exact))
            .orElseGet(() -> exact.number(bits == 4 ? 8 : 128));
    var scales = exact.reshape(call.input(2), n, blocks, 1);
    var weights = exact.multiply(exact.subtract(numbers, zero), scales);
    var rows = exact.slice(exact.reshape(weights, n, blocks * block), 0, k, 1); // [n, k]
    var product = to.apply("MatMul", call.input(0), exact.transpose(rows, 1, 0));
    return call.optional(5).map(bias -> to.add(product, bias)).orElse(product);
  }

  private static String zeroPoints(Call call, String points, long[] sizes, Computation exact) {
    if (!call.isOf(3, DataType.UINT8)) {
      throw call.unsupported("only zero points in uint8 are supported");
    }
    var numbers = exact.reshape(unpacked(points, sizes[2], exact), sizes[0], -1);
    return exact.unsqueeze(exact.slice(numbers, 0, sizes[1], 1), 2); // [n, blocks, 1]
  }

  /** The numbers of each byte, the one in the lower bits first, in float64. */
  private static String unpacked(String bytes, long bits, Computation exact) {
    var numbers = exact.toFloat64(bytes);
    if (bits == 8) {
      return numbers;
    }
    var high = exact.apply("Floor", exact.multiply(numbers, 1 / 16.0));
    var low = exact.subtract(numbers, exact.multiply(high, 16));
    return exact.concat(-1, exact.reshape(low, -1, 1), exact.reshape(high, -1, 1));
  }
}
