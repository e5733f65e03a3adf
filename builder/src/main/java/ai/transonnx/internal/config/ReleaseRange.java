package ai.transonnx.internal.config;

/**
 * The releases of a library that have an option. Immutable.
 *
 * @param since the first one; empty for all before {@code until}
 * @param until the last one; empty for all from {@code since} on
 */
public record ReleaseRange(String since, String until) {
  /** All releases. */
  static final ReleaseRange ALL = new ReleaseRange("", "");

  /** A part of this range: the given ends, or those of this range if they are empty. */
  ReleaseRange orElse(String first, String last) {
    return new ReleaseRange(first.isEmpty() ? since : first, last.isEmpty() ? until : last);
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
