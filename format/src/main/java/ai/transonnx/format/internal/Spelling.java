package ai.transonnx.format.internal;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that a misspelt one resembles. */
public final class Spelling {
  private Spelling() {}

  /** The candidate that is nearest to {@code name}, if one is similar enough. */
  public static Optional<String> nearest(String name, Collection<String> candidates) {
    int most = Math.max(2, name.length() / 3);
    return candidates.stream()
        .filter(candidate -> Math.abs(candidate.length() - name.length()) <= most)
        .filter(candidate -> distance(name, candidate) <= most)
        .min(
            Comparator.<String>comparingInt(candidate -> distance(name, candidate))
                .thenComparing(Comparator.naturalOrder()));
  }

  /** Levenshtein's distance: insertions, deletions and changes of single characters. */
  static int distance(String a, String b) {
    var row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int change = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(change, Math.min(row[j - 1], diagonal) + 1);
      }
    }
    return row[b.length()];
  }
}
