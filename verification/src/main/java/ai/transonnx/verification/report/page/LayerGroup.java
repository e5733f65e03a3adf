package ai.transonnx.verification.report.page;

import ai.transonnx.verification.report.Divergence;
import ai.transonnx.verification.report.Divergence.ValueError;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Consecutive intermediate values of one layer: their modules agree up to the first number.
 * Immutable.
 *
 * @param name the part of the path that they share, such as {@code attn_layers.layers.3}
 * @param start the position of the first value in the divergence
 */
record LayerGroup(String name, int start, List<ValueError> values) {
  /** The layers of a divergence, in the order of the graph. */
  static List<LayerGroup> of(Divergence divergence) {
    var groups = new ArrayList<LayerGroup>();
    var values = divergence.values();
    int start = 0;
    for (int i = 1; i <= values.size(); i++) {
      var name = layer(values.get(start).module());
      if (i == values.size() || !layer(values.get(i).module()).equals(name)) {
        groups.add(new LayerGroup(name, start, values.subList(start, i)));
        start = i;
      }
    }
    return groups;
  }

  /**
   * The position in the divergence of the first wrong value, of another value of its module, or of
   * the first value outside of its tolerance; -1 if none of these is among the values.
   */
  static int first(Divergence divergence) {
    var values = divergence.values();
    return Stream.<Predicate<ValueError>>of(
            value -> value.value().equals(divergence.value()),
            value -> value.module().equals(divergence.module()) && !(value.ratio() <= 1),
            value -> !(value.ratio() <= 1))
        .flatMapToInt(
            test -> IntStream.range(0, values.size()).filter(i -> test.test(values.get(i))))
        .findFirst()
        .orElse(-1);
  }

  /** The path up to and including its first number, or its first part. */
  static String layer(String module) {
    var parts = module.split("\\.", -1);
    for (int i = 0; i < parts.length; i++) {
      if (!parts[i].isEmpty() && parts[i].chars().allMatch(c -> c >= '0' && c <= '9')) {
        return String.join(".", List.of(parts).subList(0, i + 1));
      }
    }
    return parts[0];
  }

  /** The last part of the name. */
  String number() {
    return name.substring(name.lastIndexOf('.') + 1);
  }

  /** Whether the layer is one of a numbered list. */
  boolean isNumbered() {
    return name.indexOf('.') >= 0;
  }

  /** The largest error over tolerance. */
  double worst() {
    return values.stream().map(ValueError::ratio).max(Comparator.naturalOrder()).orElse(0.0);
  }

  boolean contains(int position) {
    return position >= start && position < start + values.size();
  }
}
