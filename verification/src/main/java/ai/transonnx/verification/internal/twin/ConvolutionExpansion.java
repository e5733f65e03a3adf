package ai.transonnx.verification.internal.twin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.LongStream;

/**
 * A convolution as a sum over the positions of its kernel, each a product of the strided input with
 * one matrix: x {@code [n, c, ...]}, weight {@code [m, c / groups, ...]}, bias {@code [m]}.
 */
final class ConvolutionExpansion {
  private static final long MAX_POSITIONS = 4096;

  private final Call call;
  private final Computation to;
  private final List<Long> kernel;
  private final List<Long> strides;
  private final List<Long> dilations;
  private final long groups;

  private ConvolutionExpansion(Call call, Computation to) {
    this.call = call;
    this.to = to;
    this.kernel = kernel(call);
    this.strides = orOnes(call.integers("strides"));
    this.dilations = orOnes(call.integers("dilations"));
    this.groups = call.integer("group", 1);
  }

  static String write(Call call, Computation to) {
    return new ConvolutionExpansion(call, to).write();
  }

  private static List<Long> kernel(Call call) {
    var given = call.integers("kernel_shape");
    if (!given.isEmpty()) {
      return given;
    }
    var sizes = call.sizes(1).orElse(List.of());
    if (sizes.size() < 3) {
      throw call.unsupported("the size of its kernel is not in the file");
    }
    return sizes.subList(2, sizes.size());
  }

  private List<Long> orOnes(List<Long> given) {
    return given.isEmpty() ? Collections.nCopies(kernel.size(), 1L) : given;
  }

  private String write() {
    long positions = 1;
    for (long size : kernel) {
      positions = size < 1 || size > MAX_POSITIONS ? MAX_POSITIONS + 1 : positions * size;
      if (positions > MAX_POSITIONS) {
        throw call.unsupported("its kernel has more than %s positions".formatted(MAX_POSITIONS));
      }
    }
    if (groups < 1 || strides.size() != kernel.size() || dilations.size() != kernel.size()) {
      throw call.unsupported("its attributes do not fit its kernel");
    }
    var padded = padded();
    var weights = weights(positions); // [positions, g, m / g, c / g]
    var first = part(padded, 0); // [n, c, ...]
    var sizes = to.slice(to.shape(first), 2, Long.MAX_VALUE, 0);
    var sum = product(weights, 0, first); // [n, g, m / g, s]
    for (long position = 1; position < positions; position++) {
      sum = to.add(sum, product(weights, position, part(padded, position)));
    }
    return biased(joined(sum, sizes));
  }

  private String product(String weights, long position, String part) {
    var apart = to.reshape(part, grouped()); // [n, g, c / g, s]
    var weight = to.plain("Gather", weights, to.constants().integer(position));
    return to.apply(isDepthwise() ? "Mul" : "MatMul", weight, apart);
  }

  private boolean isDepthwise() {
    var sizes = call.sizes(1);
    return sizes.isPresent() && sizes.get().get(0) == groups && sizes.get().get(1) == 1;
  }

  private String padded() {
    var pads = pads();
    if (pads.stream().allMatch(pad -> pad == 0)) {
      return call.input(0);
    }
    var all = new ArrayList<Long>(List.of(0L, 0L));
    all.addAll(pads.subList(0, kernel.size()));
    all.addAll(List.of(0L, 0L));
    all.addAll(pads.subList(kernel.size(), 2 * kernel.size()));
    return to.plain("Pad", call.input(0), to.constants().integers(all), to.number(0));
  }

  /** The padding at the start of each axis, then at the end of each. */
  private List<Long> pads() {
    var mode = call.text("auto_pad", "NOTSET");
    if (mode.startsWith("SAME")) {
      return samePads(mode.equals("SAME_UPPER"));
    }
    var given = call.integers("pads");
    if (given.isEmpty() || mode.equals("VALID")) {
      return Collections.nCopies(2 * kernel.size(), 0L);
    }
    if (given.size() != 2 * kernel.size()) {
      throw call.unsupported("its pads do not fit its kernel");
    }
    return given;
  }

  private List<Long> samePads(boolean moreAtEnd) {
    var starts = new ArrayList<Long>();
    var ends = new ArrayList<Long>();
    for (int axis = 0; axis < kernel.size(); axis++) {
      if (strides.get(axis) != 1) {
        throw call.unsupported("auto_pad with strides is not supported");
      }
      long all = (kernel.get(axis) - 1) * dilations.get(axis);
      starts.add(moreAtEnd ? all / 2 : all - all / 2);
      ends.add(moreAtEnd ? all - all / 2 : all / 2);
    }
    starts.addAll(ends);
    return starts;
  }

  private String weights(long positions) {
    var constants = to.constants();
    var shape =
        to.concat(0, constants.integers(groups, -1), channels(), constants.integers(positions));
    return to.transpose(to.reshape(call.input(1), shape), 3, 0, 1, 2);
  }

  /** c / groups */
  private String channels() {
    return to.size(call.input(1), 1);
  }

  private String grouped() {
    var constants = to.constants();
    return to.concat(0, constants.integers(0, groups), channels(), constants.integers(-1));
  }

  /** The inputs at one position of the kernel. */
  private String part(String padded, long position) {
    var starts = new ArrayList<Long>();
    var ends = new ArrayList<Long>();
    var axes = new ArrayList<Long>();
    long rest = position;
    for (int axis = kernel.size() - 1; axis >= 0; axis--) {
      long offset = rest % kernel.get(axis);
      rest /= kernel.get(axis);
      long after = (kernel.get(axis) - 1 - offset) * dilations.get(axis);
      starts.add(offset * dilations.get(axis));
      ends.add(after == 0 ? Long.MAX_VALUE : -after);
      axes.add(axis + 2L);
    }
    var steps = new ArrayList<>(strides);
    Collections.reverse(steps);
    var constants = to.constants();
    return to.plain(
        "Slice",
        padded,
        constants.integers(starts),
        constants.integers(ends),
        constants.integers(axes),
        constants.integers(steps));
  }

  private String joined(String sum, String sizes) {
    var features = to.size(call.input(1), 0);
    return to.reshape(sum, to.concat(0, to.constants().integers(0), features, sizes));
  }

  private String biased(String value) {
    var axes = LongStream.rangeClosed(1, kernel.size()).toArray();
    return call.optional(2).map(bias -> to.add(value, to.unsqueeze(bias, axes))).orElse(value);
  }
}
