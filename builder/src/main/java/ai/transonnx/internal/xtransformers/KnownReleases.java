package ai.transonnx.internal.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.xtransformers.Release;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The published releases of x-transformers, and those that are refused. Stateless. */
public final class KnownReleases {
  /** A range of releases that compute something other than their neighbors by mistake. */
  private record Mistake(String first, String last, String reason, String instead) {}

  private static final List<Mistake> MISTAKES =
      List.of(
          new Mistake("0.20.0", "0.20.0", "raises errors", "0.20.1"),
          new Mistake("0.21.0", "0.21.0", "omits the norms of pre-norm layers", "0.21.1"),
          new Mistake(
              "0.29.0",
              "0.29.1",
              "computes keys and values from one projection and broken feedforward layers",
              "0.29.2"),
          new Mistake(
              "1.16.2",
              "1.16.4",
              "adds the output of each head to the values of the next in every model",
              "1.16.5"),
          new Mistake("1.22.16", "1.22.18", "raises errors", "1.22.19"),
          new Mistake(
              "1.40.4", "1.40.4", "injects the input before each layer in every model", "1.40.5"));

  /** The last release of each minor version. */
  private static final List<String> LAST =
      List.of(
          """
          0.15.1 0.16.1 0.17.13 0.18.0 0.19.1 0.20.9 0.21.1 0.22.3 0.23.0 0.24.1 0.25.9 0.26.6
          0.27.2 0.28.4 0.29.2 0.30.0 0.31.2 0.32.3 0.33.1 1.0.4 1.1.1 1.2.4 1.4.0 1.5.4 1.6.4
          1.7.17 1.8.2 1.9.2 1.10.0 1.11.0 1.12.3 1.14.0 1.15.2 1.16.24 1.17.3 1.18.2 1.19.1
          1.20.0 1.21.4 1.22.24 1.23.6 1.24.7 1.25.15 1.26.6 1.27.22 1.28.5 1.29.2 1.30.23
          1.31.14 1.32.15 1.34.1 1.35.3 1.36.0 1.37.10 1.38.3 1.39.4 1.40.11 1.41.5 1.42.28
          1.43.5 1.44.8 2.0.5 2.1.37 2.2.12 2.3.27 2.4.14 2.5.6 2.6.7 2.7.6 2.8.4 2.9.2 2.10.2
          2.11.24 2.12.2 2.14.2 2.15.2 2.16.2 2.17.10 2.18.10 2.19.12 2.20.1 2.21.6 2.22.6
          2.23.5 2.24.1 2.25.5 2.26.4
          """
              .strip()
              .split("\\s+", -1));

  private KnownReleases() {}

  /**
   * Checks that a release exists and computes as intended. Releases after the newest known one are
   * accepted.
   *
   * @throws InputException if it does not
   */
  public static void check(Release release) {
    if (release.compareTo(Release.NEWEST) > 0) {
      return;
    }
    var minor = release.minorVersion() + ".";
    var last = LAST.stream().filter(known -> known.startsWith(minor)).findAny();
    if (last.isEmpty() || !release.within(minor + 0, last.get())) {
      throw new InputException(
          "x-transformers has no release %s%s"
              .formatted(
                  release,
                  last.map(
                          known ->
                              "; the last of %s is %s".formatted(release.minorVersion(), known))
                      .orElse("")));
    }
    mistake(release)
        .ifPresent(
            mistake -> {
              throw new InputException(
                  "release %s of x-transformers %s, which %s fixes; no other release computes the same"
                      .formatted(release, mistake.reason, mistake.instead));
            });
  }

  /** The numbers of all releases up to the newest known one, in order. */
  public static Stream<String> numbers() {
    return LAST.stream().flatMap(KnownReleases::numbersUpTo);
  }

  private static Stream<String> numbersUpTo(String last) {
    int patch = last.lastIndexOf('.') + 1;
    return IntStream.rangeClosed(0, Integer.parseInt(last.substring(patch)))
        .mapToObj(number -> last.substring(0, patch) + number);
  }

  /** Whether a release computes as intended. */
  public static boolean isUsable(Release release) {
    return mistake(release).isEmpty();
  }

  private static Optional<Mistake> mistake(Release release) {
    return MISTAKES.stream()
        .filter(mistake -> release.within(mistake.first, mistake.last))
        .findAny();
  }
}
