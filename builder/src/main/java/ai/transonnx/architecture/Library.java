package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The Python library that a class belongs to, at the version whose computations are followed.
 *
 * <p>Immutable; threads may share it.
 */
public final class Library {
  public static final Library TOKEN_SHIFT_GPT = new Library("token-shift-gpt", "0.0.4 (45c86b0)");
  public static final Library X_TRANSFORMERS = new Library("x-transformers", "1.9.2 (73a87ea)");
  public static final Library X_TRANSFORMERS_PADDLE =
      new Library("x-transformers-paddle", "of x-transformers 0.21.1 (1b7da05)");
  public static final Library FLASH = new Library("FLASH-pytorch", "0.1.9 (ef3bee7)");
  public static final Library BLOCK_RECURRENT =
      new Library("block-recurrent-transformer-pytorch", "0.4.4 (9f28fcd)");

  private static final List<Library> SUPPORTED =
      List.of(TOKEN_SHIFT_GPT, X_TRANSFORMERS, X_TRANSFORMERS_PADDLE, FLASH, BLOCK_RECURRENT);

  private final String id;
  private final String version;

  private Library(String id, String version) {
    this.id = id;
    this.version = version;
  }

  /** The libraries that come with this project. */
  public static List<Library> supported() {
    return SUPPORTED;
  }

  /**
   * A library of your own, for architectures that do not come with this project.
   *
   * @param id the name for the file's metadata
   * @param version the version for the file's metadata
   */
  public static Library custom(String id, String version) {
    return new Library(id, version);
  }

  /**
   * A supported library by its name, such as {@code x-transformers}.
   *
   * @throws InputException if no supported library has this name
   */
  public static Library of(String id) {
    return SUPPORTED.stream()
        .filter(library -> library.id.equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "unknown library '%s'; %s"
                        .formatted(
                            Printable.of(id),
                            nearest(id)
                                .map(near -> "did you mean '%s'?".formatted(near.id))
                                .orElse(
                                    SUPPORTED.stream()
                                        .map(Library::id)
                                        .collect(
                                            Collectors.joining(", ", "it must be one of ", ""))))));
  }

  /** The library that a misspelt name resembles, which may be that of its Python module. */
  private static Optional<Library> nearest(String id) {
    var names = SUPPORTED.stream().map(library -> normalized(library.id)).toList();
    return Spelling.nearest(normalized(id), names).map(names::indexOf).map(SUPPORTED::get);
  }

  private static String normalized(String id) {
    return id.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The name in commands and files. */
  public String id() {
    return id;
  }

  /** The version that is followed. */
  public String version() {
    return version;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Library library
        && id.equals(library.id)
        && version.equals(library.version);
  }

  @Override
  public int hashCode() {
    return id.hashCode();
  }

  /** The name and the version. */
  @Override
  public String toString() {
    return id + " " + version;
  }
}
