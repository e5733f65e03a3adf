package ai.transonnx.verification.internal.twin;

import ai.transonnx.format.internal.proto.TensorProto.DataType;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;

/** Numbers that are stored as integers with scales and zero points. */
final class QuantizationExpansions {
  private static final int BYTES = 256;
  private static final int NIBBLE = 16;

  private QuantizationExpansions() {}

  /**
   * (x - zero point) * scale: one scale, one for each index of an axis, or one for each block of
   * indices.
   */
  static String dequantize(Call call, Computation to) {
    var x = to.toFloat64(call.input(0));
    long block = call.integer("block_size", 0);
    UnaryOperator<String> spread =
        block == 0
            ? value -> alongAxis(call, value, to)
            : value -> inBlocks(value, x, call.integer("axis", 1), block, to);
    var centered =
        call.optional(2).map(zero -> to.subtract(x, spread.apply(to.toFloat64(zero)))).orElse(x);
    return to.multiply(centered, spread.apply(call.input(1)));
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

  /** Each value of a block as often as {@code x} has elements there; the last may have fewer. */
  private static String inBlocks(String value, String x, long axis, long block, Computation to) {
    var constants = to.constants();
    var size = to.squeeze(to.size(x, axis), 0);
    var indices = to.plain("Range", constants.integer(0), size, constants.integer(1));
    return gather(value, to.plain("Div", indices, constants.integer(block)), axis, to);
  }

  private static String gather(String value, String indices, long axis, Computation to) {
    return to.plain("Gather", List.of(Attributes.integer("axis", axis)), value, indices);
  }

  /**
   * ONNX Runtime's product with a matrix of 4 or 8 bits: x {@code [..., k]}, weights {@code [n,
   * blocks, bytes]}, scales, zero points.
   */
  static String matMulNBits(Call call, Computation to) {
    long bits = bits(call);
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
            .orElseGet(() -> middle(bits, exact));
    var scales = exact.reshape(call.input(2), n, blocks, 1);
    var weights = exact.multiply(exact.subtract(numbers, zero), scales);
    var rows = exact.slice(exact.reshape(weights, n, blocks * block), 0, k, 1); // [n, k]
    var product = to.apply("MatMul", activations(call, to), exact.transpose(rows, 1, 0));
    return call.optional(5).map(bias -> to.add(product, bias)).orElse(product);
  }

  /** With rounding, as the accuracy level of the product rounds them. */
  private static String activations(Call call, Computation to) {
    var x = call.input(0);
    var rounding = to.rounding();
    return rounding == null
        ? x
        : switch ((int) call.integer("accuracy_level", 0)) {
          case 2 -> rounding.half(x, DataType.FLOAT16, to.exact());
          case 3 -> rounding.half(x, DataType.BFLOAT16, to.exact());
          case 4 ->
              rounding.inInt8(x, call.integer("K", 0), call.integer("block_size", 0), to.exact());
          default -> x;
        };
  }

  private static String zeroPoints(Call call, String points, long[] sizes, Computation exact) {
    if (!call.isOf(3, DataType.UINT8)) {
      throw call.unsupported("only zero points in uint8 are supported");
    }
    var numbers = exact.reshape(unpacked(points, sizes[2], exact), sizes[0], -1);
    return exact.unsqueeze(exact.slice(numbers, 0, sizes[1], 1), 2); // [n, blocks, 1]
  }

  /**
   * ONNX Runtime's selection of rows of a table of 4 or 8 bits, with blocks along its last axis:
   * the table, indices, scales, zero points.
   */
  static String gatherBlockQuantized(Call call, Computation to) {
    long bits = bits(call);
    var table =
        call.sizes(0)
            .orElseThrow(() -> call.unsupported("the sizes of its table are not in the file"));
    int last = table.size() - 1;
    long axis = call.integer("gather_axis", 0);
    long blocksAxis = call.integer("quantize_axis", 1);
    if (axis < 0 || axis >= last || (blocksAxis != last && blocksAxis != -1)) {
      throw call.unsupported("only blocks along the last axis of rows are supported");
    }
    boolean isBytes = call.isOf(0, DataType.UINT8);
    boolean isPacked = isBytes && bits == 4;
    UnaryOperator<String> selected =
        integers ->
            isPacked
                ? lastJoined(unpacked(gather(integers, call.input(1), axis, to), bits, to), to)
                : gather(to.toFloat64(integers), call.input(1), axis, to);
    var numbers = selected.apply(call.input(0));
    long block = call.integer("block_size", 128);
    UnaryOperator<String> spread = value -> inBlocks(value, numbers, -1, block, to);
    var scales = spread.apply(gather(call.input(2), call.input(1), axis, to));
    var zero =
        call.optional(3)
            .map(points -> spread.apply(selected.apply(points)))
            .orElseGet(() -> isBytes ? middle(bits, to) : to.number(0));
    return to.multiply(to.subtract(numbers, zero), scales);
  }

  private static long bits(Call call) {
    long bits = call.integer("bits", 4);
    if (bits != 4 && bits != 8) {
      throw call.unsupported("%s bits are not supported".formatted(bits));
    }
    return bits;
  }

  /** The integer that stands for 0, if there are no zero points. */
  private static String middle(long bits, Computation exact) {
    return exact.number(1L << (bits - 1));
  }

  /** The numbers of each byte, in float64: of 4 bits two in a new last axis, the lower first. */
  private static String unpacked(String bytes, long bits, Computation exact) {
    if (bits == 8) {
      return exact.toFloat64(bytes);
    }
    var pairs = new double[2 * BYTES];
    for (int i = 0; i < BYTES; i++) {
      pairs[2 * i] = i % NIBBLE;
      pairs[2 * i + 1] = Math.floorDiv(i, NIBBLE);
    }
    var table = exact.reshape(exact.constants().vector("nibbles", pairs), BYTES, 2);
    return gather(table, exact.cast(bytes, DataType.INT32), 0, exact);
  }

  /** The last two axes as one. */
  private static String lastJoined(String value, Computation to) {
    var others = to.slice(to.shape(value), 0, -2, 0);
    return to.reshape(value, to.concat(0, others, to.constants().integers(-1)));
  }
}
