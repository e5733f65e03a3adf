package ai.transonnx.internal.config;

import java.util.Arrays;

/**
 * The releases of a library that have an option. Immutable.
 *
 * @param since the first one; empty for all before {@code until}
 * @param until the last one; empty for all from {@code since} on
 */
public record ReleaseRange(String since, String until) {
  /** All releases. */
  static final ReleaseRange ALL = new ReleaseRange("", "");

  /** The releases of this range that are from {@code first} to {@code last}, if these are set. */
  ReleaseRange within(String first, String last) {
    return new ReleaseRange(
        since.isEmpty() || isBefore(since, first) ? first : since,
        until.isEmpty() || (!last.isEmpty() && isBefore(last, until)) ? last : until);
  }

  private static boolean isBefore(String one, String other) {
    return !other.isEmpty() && Arrays.compare(numbers(one), numbers(other)) < 0;
  }

  private static int[] numbers(String release) {
    return Arrays.stream(release.split("\\.", -1)).mapToInt(Integer::parseInt).toArray();
  }

  /** The range in words: {@code from 1.19.0 on}. */
  @Override
  public String toString() {
    if (since.isEmpty()) {
      return until.isEmpty() ? "all" : "up to " + until;
    }
    return until.isEmpty() ? "from " + since + " on" : "from %s to %s".formatted(since, until);
  }
}
