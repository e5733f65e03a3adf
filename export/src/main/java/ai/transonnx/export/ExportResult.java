package ai.transonnx.export;

import ai.transonnx.export.internal.weights.ModelKeys;
import ai.transonnx.export.weights.WeightSelection;
import ai.transonnx.format.internal.Printable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The result of an export.
 *
 * <p>Immutable; threads may share it.
 */
public final class ExportResult {
  private static final int MAX_LISTED = 3;

  private final List<Path> files;
  private final WeightSelection selection;
  private final Optional<String> tokenizerNote;

  ExportResult(List<Path> files, WeightSelection selection, Optional<String> tokenizerNote) {
    this.tokenizerNote = tokenizerNote;
    this.files = List.copyOf(files);
    this.selection = selection;
  }

  /**
   * The files that were written: the model, its external data and its tokenizer if there are any.
   */
  public List<Path> files() {
    return files;
  }

  /** Which tensors of the weights the model has. */
  public WeightSelection selection() {
    return selection;
  }

  /**
   * A note for people about a tokenizer with fewer tokens than the model; empty if all tokens have
   * a text.
   */
  public Optional<String> tokenizerNote() {
    return tokenizerNote;
  }

  /** The files, and the note if there is one. */
  @Override
  public String toString() {
    String written = files.stream().map(Path::toString).collect(Collectors.joining(", "));
    return note().map(note -> written + " (" + note + ")").orElse(written);
  }

  /** A note for people about how the weights were read; empty if there is nothing unusual. */
  public Optional<String> note() {
    var parts = new ArrayList<String>();
    boolean hasAlternatives = !selection.alternatives().isEmpty();
    if (hasAlternatives || !ModelKeys.isUsual(selection.key())) {
      parts.add(
          "used the state dict "
              + (selection.key().isEmpty()
                  ? "at the top level"
                  : "under the key '%s'".formatted(Printable.of(selection.key()))));
    }
    if (hasAlternatives) {
      parts.add("other tensors fit as well: " + String.join(", or ", selection.alternatives()));
    }
    if (!selection.prefix().isEmpty()) {
      parts.add(
          "used the tensors whose names start with '%s', the prefix of a wrapper"
              .formatted(Printable.of(selection.prefix())));
    }
    if (!selection.wrappers().isEmpty()) {
      parts.add(
          "removed %s from within names, the names of wrappers"
              .formatted(quoted(selection.wrappers())));
    }
    if (!selection.skipped().isEmpty()) {
      parts.add("skipped " + skipped());
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", parts));
  }

  private String skipped() {
    var names = selection.skipped();
    String first = quoted(names.subList(0, Math.min(names.size(), MAX_LISTED)));
    return names.size() <= MAX_LISTED
        ? first
        : "%s other tensors, such as %s".formatted(names.size(), first);
  }

  private static String quoted(Collection<String> names) {
    return names.stream()
        .map(name -> "'" + Printable.of(name) + "'")
        .collect(Collectors.joining(", "));
  }
}
