package ai.transonnx.verification.internal.twin;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Normalizations by mean and variance, or by the mean square. */
final class NormalizationExpansions {
  private NormalizationExpansions() {}

  /**
   * Values of a normalization.
   *
   * @param mean empty if no mean is subtracted
   */
  private record Normalized(String result, Optional<String> mean, String inverse) {}

  static List<String> layer(Call call, Computation to) {
    var normalized = centered(call.input(0), axes(call), call.number("epsilon", 1e-5f), to);
    var scaled = to.multiply(normalized.result(), call.input(1));
    return List.of(
        biased(scaled, call.optional(2), to),
        normalized.mean().orElseThrow(),
        normalized.inverse());
  }

  static List<String> rms(Call call, Computation to) {
    var normalized = scaled(call.input(0), axes(call), call.number("epsilon", 1e-5f), to);
    return List.of(to.multiply(normalized.result(), call.input(1)), normalized.inverse());
  }

  /** ONNX Runtime's normalization of a sum: input, skip, gamma, beta, bias. */
  static List<String> skipLayer(Call call, Computation to) {
    var sum = skipSum(call, call.optional(4), to);
    var normalized = centered(sum, List.of(-1L), call.number("epsilon", 1e-12f), to);
    var scaled = to.multiply(normalized.result(), call.input(2));
    return List.of(
        biased(scaled, call.optional(3), to),
        normalized.mean().orElseThrow(),
        normalized.inverse(),
        sum);
  }

  /** The same with the mean square: input, skip, gamma, bias. */
  static List<String> skipRms(Call call, Computation to) {
    var sum = skipSum(call, call.optional(3), to);
    var normalized = scaled(sum, List.of(-1L), call.number("epsilon", 1e-12f), to);
    return List.of(to.multiply(normalized.result(), call.input(2)), "", normalized.inverse(), sum);
  }

  private static String skipSum(Call call, Optional<String> bias, Computation to) {
    return biased(to.add(call.input(0), call.input(1)), bias, to);
  }

  private static String biased(String value, Optional<String> bias, Computation to) {
    return bias.map(b -> to.add(value, b)).orElse(value);
  }

  /** The channels of each example: x [n, c, ...], scale [c], bias [c]. */
  static List<String> instance(Call call, Computation to) {
    var x = call.input(0);
    var rows = to.reshape(x, 0, 0, -1); // [n, c, s]
    var normalized = centered(rows, List.of(-1L), call.number("epsilon", 1e-5f), to);
    var scaled = to.multiply(normalized.result(), to.unsqueeze(call.input(1), 1));
    var biased = to.add(scaled, to.unsqueeze(call.input(2), 1));
    return List.of(to.reshape(biased, to.shape(x)));
  }

  /**
   * Groups of channels: x [n, c, ...], scale [c], bias [c]; before opset 21, one for each group.
   */
  static List<String> group(Call call, Computation to) {
    if (to.opset() < 21) {
      throw call.unsupported("only its form since opset 21 is supported");
    }
    var x = call.input(0);
    long groups = call.integer("num_groups", 1);
    var rows = to.reshape(x, 0, groups, -1); // [n, g, s]
    var normalized = centered(rows, List.of(-1L), call.number("epsilon", 1e-5f), to);
    var channels = to.concat(0, to.slice(to.shape(x), 0, 2, 0), to.constants().integers(-1));
    var apart = to.reshape(normalized.result(), channels); // [n, c, s]
    var scaled = to.multiply(apart, to.unsqueeze(call.input(1), 1));
    var biased = to.add(scaled, to.unsqueeze(call.input(2), 1));
    return List.of(to.reshape(biased, to.shape(x)));
  }

  static List<String> meanVariance(Call call, Computation to) {
    var given = call.integers("axes");
    var axes = given.isEmpty() ? List.of(0L, 2L, 3L) : given;
    var x = call.input(0);
    var centered = to.subtract(x, to.reduce("ReduceMean", x, axes));
    var variance = to.reduce("ReduceMean", to.multiply(centered, centered), axes);
    var deviation = to.add(to.apply("Sqrt", variance), to.number(1e-9));
    return List.of(to.divide(centered, deviation));
  }

  private static Normalized centered(String x, List<Long> axes, double epsilon, Computation to) {
    var mean = to.reduce("ReduceMean", x, axes);
    return normalized(to.subtract(x, mean), mean, axes, epsilon, to);
  }

  private static Normalized scaled(String x, List<Long> axes, double epsilon, Computation to) {
    return normalized(x, null, axes, epsilon, to);
  }

  private static Normalized normalized(
      String x, @Nullable String mean, List<Long> axes, double epsilon, Computation to) {
    var square = to.reduce("ReduceMean", to.multiply(x, x), axes);
    var inverse = to.apply("Reciprocal", to.apply("Sqrt", to.add(square, to.number(epsilon))));
    return new Normalized(to.multiply(x, inverse), Optional.ofNullable(mean), inverse);
  }

  /** The axes from {@code axis} to the last, counted from the last. */
  private static List<Long> axes(Call call) {
    long axis = call.integer("axis", -1);
    if (axis < 0) {
      return LongStream.range(Math.max(axis, -8), 0).boxed().toList();
    }
    var sizes = call.sizes(1).orElse(new ArrayList<>());
    if (sizes.isEmpty()) {
      throw call.unsupported("its axis counts from the first, and the number of axes is unknown");
    }
    return LongStream.range(-sizes.size(), 0).boxed().toList();
  }
}
