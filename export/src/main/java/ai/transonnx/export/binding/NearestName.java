package ai.transonnx.export.binding;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses which name was meant. */
final class NearestName {
  private static final double MAX_SHARE_CHANGED = 0.4;

  private NearestName() {}

  /** The candidate that is fewest edits away, if they are few enough to be worth a mention. */
  static Optional<String> of(String name, Collection<String> candidates) {
    record Scored(String candidate, int distance) {}
    return candidates.stream()
        .map(candidate -> new Scored(candidate, distance(name, candidate)))
        .filter(s -> s.distance() <= MAX_SHARE_CHANGED * Math.max(name.length(), 5))
        .min(Comparator.comparingInt(Scored::distance).thenComparing(Scored::candidate))
        .map(Scored::candidate);
  }

  /** How many characters must be put in, taken out or replaced (Levenshtein's distance). */
  static int distance(String from, String to) {
    var above = new int[to.length() + 1];
    for (int j = 0; j < above.length; j++) {
      above[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      var row = new int[above.length];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = above[j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(replaced, Math.min(above[j], row[j - 1]) + 1);
      }
      above = row;
    }
    return above[to.length()];
  }
}
