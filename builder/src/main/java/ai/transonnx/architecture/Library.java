package ai.transonnx.architecture;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import java.util.Arrays;
import java.util.stream.Collectors;

/** The Python libraries, at the versions whose computations are followed. */
public enum Library {
  TOKEN_SHIFT_GPT("token-shift-gpt", "0.0.4 (45c86b0)"),
  X_TRANSFORMERS("x-transformers", "1.9.2 (73a87ea)"),
  X_TRANSFORMERS_PADDLE("x-transformers-paddle", "of x-transformers 0.21.1 (1b7da05)"),
  FLASH("FLASH-pytorch", "0.1.9 (ef3bee7)"),
  BLOCK_RECURRENT("block-recurrent-transformer-pytorch", "0.4.4 (9f28fcd)");

  private final String id;
  private final String version;

  Library(String id, String version) {
    this.id = id;
    this.version = version;
  }

  /** The name that commands and files use. */
  public String id() {
    return id;
  }

  /** The version that is followed. */
  public String version() {
    return version;
  }

  /**
   * The library of a name.
   *
   * @throws InputException if there is none
   */
  public static Library of(String id) {
    return Arrays.stream(values())
        .filter(library -> library.id.equals(id))
        .findAny()
        .orElseThrow(
            () ->
                new InputException(
                    "there is no library '%s'; it must be one of %s"
                        .formatted(
                            Printable.of(id),
                            Arrays.stream(values())
                                .map(Library::id)
                                .collect(Collectors.joining(", ")))));
  }
}
