package ai.transonnx.xtransformers;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Supported releases of x-transformers, such as those that can have written a checkpoint.
 *
 * <p>Immutable; threads may share it.
 *
 * @param releases the releases, in order
 */
public record ReleaseSet(NavigableSet<Release> releases) {
  /** All supported releases. */
  public static final ReleaseSet ALL = of(Release.supported());

  /** No releases. */
  public static final ReleaseSet NONE = of(List.of());

  public ReleaseSet {
    releases = Collections.unmodifiableNavigableSet(new TreeSet<>(releases));
  }

  /** A set of these releases. */
  public static ReleaseSet of(Collection<Release> releases) {
    return new ReleaseSet(new TreeSet<>(releases));
  }

  /** The releases of this set with a property. */
  public ReleaseSet only(Predicate<Release> property) {
    return of(releases.stream().filter(property).toList());
  }

  /** The releases of this set and of another one. */
  public ReleaseSet and(ReleaseSet other) {
    var all = new TreeSet<>(releases);
    all.addAll(other.releases);
    return new ReleaseSet(all);
  }

  public boolean isEmpty() {
    return releases.isEmpty();
  }

  public boolean contains(Release release) {
    return releases.contains(release);
  }

  /**
   * The release to name for all of them: the usual one if it is one of them, else the newest.
   *
   * @throws java.util.NoSuchElementException if the set is empty
   */
  public Release representative() {
    return contains(Release.DEFAULT) ? Release.DEFAULT : releases.last();
  }

  /** The ranges of releases in words: {@code 0.33.0 to 1.15.0, 1.16.5 to 1.17.3}. */
  @Override
  public String toString() {
    var ranges = new ArrayList<String>();
    var range = new ArrayList<Release>();
    for (var release : ALL.releases) {
      if (contains(release)) {
        range.add(release);
      } else if (!range.isEmpty()) {
        ranges.add(range(range));
        range.clear();
      }
    }
    if (!range.isEmpty()) {
      ranges.add(range(range));
    }
    return ranges.isEmpty() ? "none" : String.join(", ", ranges);
  }

  private static String range(List<Release> range) {
    var first = range.get(0);
    var last = range.get(range.size() - 1);
    return first.equals(last) ? first.toString() : first + " to " + last;
  }
}
