package ai.transonnx.export.internal.binding;

import ai.transonnx.export.internal.weights.ModelKeys;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSelection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The tensors that a model is bound to, of all that fit it.
 *
 * @param others the other ones that fit
 */
record Choice(Candidate chosen, List<Candidate> others) {
  private static final int MAX_LISTED = 10;

  /**
   * Chooses by these rules, in this order: the usual keys of a model's state dict come before
   * others; tensors that the model does not know count against a set; and a prefix that begins like
   * the set's own key comes first, such as {@code ema_model.} under the key {@code ema}.
   *
   * @param fitting at least one
   * @throws ai.transonnx.InputException if several are left
   */
  static Choice of(WeightFile file, List<Candidate> fitting) {
    var all = distinct(fitting);
    var best = best(all);
    if (best.size() > 1) {
      throw file.error(
          "%s sets of tensors fit the configuration; select one: %s"
              .formatted(best.size(), options(best)));
    }
    var chosen = best.get(0);
    return new Choice(
        chosen, all.stream().filter(one -> !one.options().equals(chosen.options())).toList());
  }

  /** The choice, for the result of an export. */
  WeightSelection selection() {
    var match = chosen.match();
    return new WeightSelection(
        chosen.set().key(),
        match.prefix(),
        new TreeSet<>(match.wrappers()),
        chosen.others(),
        others.stream().limit(MAX_LISTED).map(Candidate::options).toList());
  }

  /** Whether another candidate is where training scripts store the model, and the chosen is not. */
  boolean isLessUsualThan(Candidate other) {
    int common = commonLevels(List.of(chosen, other));
    return isUsual(other.set().key(), common) && !isUsual(chosen.set().key(), common);
  }

  /** The options that select each candidate. */
  static String options(List<Candidate> all) {
    String listed =
        all.stream().limit(MAX_LISTED).map(Candidate::options).collect(Collectors.joining(", or "));
    return all.size() > MAX_LISTED
        ? "%s, or %s more".formatted(listed, all.size() - MAX_LISTED)
        : listed;
  }

  private static List<Candidate> best(List<Candidate> all) {
    int common = commonLevels(all);
    var best = preferred(all, one -> isUsual(one.set().key(), common));
    best = preferred(best, one -> one.unknown().isEmpty());
    var named = best.stream().filter(Choice::isNamedLikeItsKey).toList();
    return named.size() == 1 ? named : best;
  }

  private static List<Candidate> preferred(List<Candidate> all, Predicate<Candidate> rule) {
    var preferred = all.stream().filter(rule).toList();
    return preferred.isEmpty() ? all : preferred;
  }

  /** The candidates whose tensors are not those of an earlier one. */
  private static List<Candidate> distinct(List<Candidate> all) {
    var seen = new HashSet<Map<String, Content>>();
    return all.stream().filter(one -> seen.add(one.match().contents())).toList();
  }

  /** The number of keys that lead to all candidates. */
  private static int commonLevels(List<Candidate> all) {
    var first = ModelKeys.of(all.get(0).set().key());
    int common = first.size();
    for (var one : all) {
      var levels = ModelKeys.of(one.set().key());
      int equal = 0;
      while (equal < Math.min(common, levels.size())
          && levels.get(equal).equals(first.get(equal))) {
        equal++;
      }
      common = equal;
    }
    return common;
  }

  /** Whether a set is where training scripts store the model, below the keys of all candidates. */
  private static boolean isUsual(String key, int common) {
    var levels = ModelKeys.of(key);
    return ModelKeys.areUsual(levels.subList(common, levels.size()));
  }

  private static boolean isNamedLikeItsKey(Candidate candidate) {
    String key = candidate.set().key();
    String name = key.substring(key.lastIndexOf('.') + 1);
    String prefix = candidate.match().prefix();
    return !ModelKeys.isUsual(name)
        && (prefix.startsWith(name + ".") || prefix.startsWith(name + "_"));
  }
}
