package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The rule that chooses one state dict of a checkpoint: the one under a given key, else the one
 * under the keys that training scripts use for the model, else the one at the top level.
 */
final class ChosenSet {
  private static final String USUAL = "(model|state_dict|model_state_dict|module)";
  private static final Pattern USUAL_PATH = Pattern.compile(USUAL + "(\\." + USUAL + "){0,2}");
  private static final int MAX_LISTED = 10;

  private ChosenSet() {}

  /**
   * Chooses a set.
   *
   * @param start the key under which the sets were searched; empty for the top level
   * @throws ai.transonnx.InputException if the rule does not decide
   */
  static WeightSet of(List<WeightSet> sets, String start, Location location) {
    var top = sets.stream().filter(set -> set.key().equals(start)).findFirst();
    if (!start.isEmpty() && top.isPresent()) {
      return top.get();
    }
    String before = start.isEmpty() ? "" : start + ".";
    var byKey = new LinkedHashMap<String, WeightSet>();
    sets.stream()
        .filter(set -> set.key().startsWith(before))
        .filter(set -> USUAL_PATH.matcher(set.key().substring(before.length())).matches())
        .forEach(set -> byKey.put(set.key(), set));
    var usual = byKey.values();
    var innermost =
        usual.stream()
            .filter(set -> usual.stream().noneMatch(s -> s.key().startsWith(set.key() + ".")))
            .toList();
    if (innermost.size() > 1) {
      throw location.error(
          "it has state dicts under %s; specify the key of one of them".formatted(keys(innermost)));
    }
    return Optional.of(innermost)
        .filter(found -> !found.isEmpty())
        .map(found -> found.get(0))
        .or(() -> top)
        .orElseThrow(
            () ->
                location.error(
                    "it has tensors only under %s; specify the key of the state dict"
                        .formatted(keys(sets))));
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
