package ai.transonnx.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of an export.
 *
 * <p>Immutable; threads may share it.
 */
public final class ExportResult {
  private final List<Path> files;
  private final String prefix;
  private final List<String> skipped;

  ExportResult(List<Path> files, String prefix, List<String> skipped) {
    this.files = List.copyOf(files);
    this.prefix = prefix;
    this.skipped = List.copyOf(skipped);
  }

  /** The files that were written: the model, and its external data if there is any. */
  public List<Path> files() {
    return files;
  }

  /** The prefix that a wrapper added to the names in the weights; usually empty. */
  public String prefix() {
    return prefix;
  }

  /** Names of the tensors without the prefix, which belong to something else and were skipped. */
  public List<String> skipped() {
    return skipped;
  }

  /** The files, and the note if there is one. */
  @Override
  public String toString() {
    String written = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    return note().map(note -> written + " (" + note + ")").orElse(written);
  }

  /** A note for people about how the weights were read; empty if there is nothing unusual. */
  public Optional<String> note() {
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    String taken =
        "used the tensors whose names start with '%s', the prefix of a wrapper".formatted(prefix);
    return Optional.of(
        skipped.isEmpty() ? taken : "%s, and skipped %s others".formatted(taken, skipped.size()));
  }
}
