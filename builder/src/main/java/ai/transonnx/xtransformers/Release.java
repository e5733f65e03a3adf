package ai.transonnx.xtransformers;

import ai.transonnx.InputException;
import ai.transonnx.architecture.Library;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.internal.xtransformers.KnownReleases;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The release of x-transformers that wrote a checkpoint, or the Paddle port. Names and shapes of
 * weights, the options of a class and the computation depend on it.
 *
 * <p>Immutable; threads may share it.
 */
public final class Release implements Comparable<Release> {
  /** The first release whose checkpoints can be exported. */
  public static final Release FIRST = new Release(0, 15, 0);

  /** The release of configurations that do not name one. */
  public static final Release DEFAULT = new Release(1, 9, 2);

  /** The last release that this project was compared with. */
  public static final Release NEWEST = new Release(2, 26, 4);

  /**
   * x-transformers-paddle, a port of x-transformers 0.21.1. Where the port raises an error because
   * of a bug, the graphs compute what x-transformers 0.21.1 computes: attention on attention, tied
   * embeddings, shifted tokens and gated residuals. {@code max_attend_past} follows the port, which
   * hides the wrong side of the window.
   */
  public static final Release PADDLE_PORT = new Release(0, 21, 1, true, null);

  private static final Pattern NUMBER = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Comparator<Release> ORDER =
      Comparator.<Release>comparingInt(release -> release.major)
          .thenComparingInt(release -> release.minor)
          .thenComparingInt(release -> release.patch);

  private final int major;
  private final int minor;
  private final int patch;
  private final boolean port;
  private final @Nullable Consumer<Release> boundaries;

  private Release(int major, int minor, int patch) {
    this(major, minor, patch, false, null);
  }

  private Release(
      int major, int minor, int patch, boolean port, @Nullable Consumer<Release> boundaries) {
    this.major = major;
    this.minor = minor;
    this.patch = patch;
    this.port = port;
    this.boundaries = boundaries;
  }

  /**
   * A release of x-transformers by its number, such as {@code 2.3.1}. Releases after {@link
   * #NEWEST} are treated like it.
   *
   * @throws InputException if there is no such release, if it is before {@link #FIRST}, or if it
   *     computes something other than its neighbors by mistake
   */
  public static Release of(String number) {
    var release = parse(number);
    if (release.compareTo(FIRST) < 0) {
      throw new InputException(
          "release %s is not supported; the first supported release of x-transformers is %s"
              .formatted(release, FIRST));
    }
    KnownReleases.check(release);
    return release;
  }

  /**
   * The release of a library.
   *
   * @param number the number of a release of x-transformers; empty for the usual one
   * @return empty if the library is another one than x-transformers and its Paddle port
   * @throws InputException if the library has no such release
   */
  public static Optional<Release> of(Library library, Optional<String> number) {
    if (library.id().equals(Library.X_TRANSFORMERS.id())) {
      var usual = library.equals(Library.X_TRANSFORMERS) ? DEFAULT : of(library.version());
      return Optional.of(number.map(Release::of).orElse(usual));
    }
    if (number.isPresent()) {
      throw new InputException(
          "'release' is %s; %s has one supported release, so omit it"
              .formatted(Printable.of(number.get()), library.id()));
    }
    return library.equals(Library.X_TRANSFORMERS_PADDLE)
        ? Optional.of(PADDLE_PORT)
        : Optional.empty();
  }

  /**
   * The releases of x-transformers that {@link #of(String)} accepts, up to {@link #NEWEST}, in
   * order. A few of the numbers were never published.
   */
  public static List<Release> supported() {
    return KnownReleases.numbers().map(Release::parse).filter(KnownReleases::isUsable).toList();
  }

  private static Release parse(String number) {
    var parts = NUMBER.matcher(number);
    if (!parts.matches()) {
      throw new InputException(
          "'release' is '%s'; it must be a number of three parts, such as %s"
              .formatted(Printable.of(number), DEFAULT));
    }
    return new Release(
        Integer.parseInt(parts.group(1)),
        Integer.parseInt(parts.group(2)),
        Integer.parseInt(parts.group(3)));
  }

  /**
   * This release, which reports the boundaries that it is compared with: each release with which
   * something begins or after whose predecessor it ends. All releases between two neighbors of the
   * reported ones answer the same questions alike.
   */
  public Release observedBy(Consumer<Release> listener) {
    return new Release(major, minor, patch, port, listener);
  }

  private void report(Release boundary) {
    if (boundaries != null) {
      boundaries.accept(boundary);
    }
  }

  /** Whether this release is {@code number} or a later one. */
  public boolean since(String number) {
    var first = parse(number);
    report(first);
    return compareTo(first) >= 0;
  }

  /**
   * Whether this release is {@code number} or a later one, where results differ by rounding only. A
   * comparison that is not reported: to an observed release, all releases are later ones.
   */
  public boolean sinceButForRounding(String number) {
    return boundaries != null || compareTo(parse(number)) >= 0;
  }

  /** Whether this release is {@code first} or {@code last}, or between them. */
  public boolean within(String first, String last) {
    if (!since(first)) {
      return false;
    }
    var end = parse(last);
    report(new Release(end.major, end.minor, end.patch + 1));
    return compareTo(end) <= 0;
  }

  /** Whether this is the Paddle port, which has deviations from the release that it ports. */
  public boolean isPort() {
    return port;
  }

  /** The major and minor version, such as {@code 1.9}. */
  public String minorVersion() {
    return major + "." + minor;
  }

  /** The library at this release. */
  public Library library() {
    if (port) {
      return Library.X_TRANSFORMERS_PADDLE;
    }
    return equals(DEFAULT)
        ? Library.X_TRANSFORMERS
        : Library.custom(Library.X_TRANSFORMERS.id(), toString());
  }

  /** Compares the numbers; the port has the number of the release that it ports. */
  @Override
  public int compareTo(Release other) {
    return ORDER.compare(this, other);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Release release && compareTo(release) == 0 && port == release.port;
  }

  @Override
  public int hashCode() {
    return (major * 31 + minor) * 31 + patch;
  }

  /** The number, such as {@code 1.9.2}. */
  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
