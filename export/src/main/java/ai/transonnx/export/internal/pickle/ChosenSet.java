package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.ModelKeys;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The rule that chooses one state dict of a checkpoint if no configuration is known: the innermost
 * one under the keys that training scripts use for the model, else the one with the most tensors.
 */
final class ChosenSet {
  private static final int MAX_LISTED = 10;

  private ChosenSet() {}

  /**
   * Chooses a set; of equally good ones, the first.
   *
   * @param sets at least one
   * @param start the key under which the sets were searched; empty for the top level
   */
  static WeightSet of(List<WeightSet> sets, String start) {
    String before = start.isEmpty() ? "" : start + ".";
    var usual =
        sets.stream()
            .filter(set -> set.key().startsWith(before) && set.key().length() > before.length())
            .filter(set -> ModelKeys.isUsual(set.key().substring(before.length())))
            .toList();
    return usual.stream()
        .filter(set -> usual.stream().noneMatch(s -> s.key().startsWith(set.key() + ".")))
        .findFirst()
        .orElseGet(() -> largest(sets));
  }

  private static WeightSet largest(List<WeightSet> sets) {
    return sets.stream()
        .min(Comparator.comparingInt((WeightSet set) -> set.tensors().size()).reversed())
        .orElseThrow();
  }

  /** The keys of sets, in quotes. */
  static String keys(List<WeightSet> sets) {
    var shown = new ArrayList<String>();
    sets.stream().limit(MAX_LISTED).forEach(set -> shown.add("'" + Printable.of(set.key()) + "'"));
    if (sets.size() > MAX_LISTED) {
      shown.add("%s more".formatted(sets.size() - MAX_LISTED));
    }
    return String.join(", ", shown);
  }
}
