package ai.transonnx.export;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What an export has done.
 *
 * @param files that were written: the model, and its external data if there is any
 * @param prefix what a wrapper had put before the names in the weights, mostly nothing
 * @param others names of tensors in the weights that are without the prefix, and were left out
 */
public record ExportResult(List<Path> files, String prefix, List<String> others) {
  public ExportResult {
    files = List.copyOf(files);
    others = List.copyOf(others);
  }

  /** For people: how the weights were read, if that is not plain. */
  public Optional<String> note() {
    if (prefix.isEmpty()) {
      return Optional.empty();
    }
    String taken =
        "took the tensors whose names begin with '%s', as a wrapper's do".formatted(prefix);
    return Optional.of(
        others.isEmpty() ? taken : "%s, and left out %s others".formatted(taken, others.size()));
  }
}
