package ai.transonnx.export.internal.safetensors;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.safetensors.Header.Entry;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightTensor;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The positions of the tensors in the file. */
final class Layout {
  private Layout() {}

  /**
   * Checks that the tensors cover each byte of the data exactly once.
   *
   * @param dataLength the number of bytes after the header
   */
  static void check(Path path, List<Entry> entries, long dataLength) {
    long covered = 0;
    String last = "the header";
    var byPosition = Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end);
    for (var entry : entries.stream().sorted(byPosition).toList()) {
      if (entry.begin() < covered) {
        throw new InputException(
            "%s: tensor '%s': its data_offsets [%s, %s] overlap those of %s, which end at %s"
                .formatted(path, entry.name(), entry.begin(), entry.end(), last, covered));
      }
      if (entry.begin() > covered) {
        throw new InputException(
            "%s: tensor '%s': its data begins at %s; the %s bytes between %s and it belong to no tensor"
                .formatted(path, entry.name(), entry.begin(), entry.begin() - covered, last));
      }
      if (entry.end() > dataLength) {
        throw new InputException(
            "%s: tensor '%s': its data_offsets end at %s, but the file has only %s bytes of data;"
                    .formatted(path, entry.name(), entry.end(), dataLength)
                + " it is truncated, copy it again");
      }
      covered = entry.end();
      last = "tensor '" + entry.name() + "'";
    }
    if (covered < dataLength) {
      throw new InputException(
          "%s: the last %s bytes, after %s, belong to no tensor"
              .formatted(path, dataLength - covered, last));
    }
  }

  static Map<String, WeightTensor> tensors(List<Entry> entries, Content file, long dataStart) {
    var tensors = new LinkedHashMap<String, WeightTensor>();
    for (var entry : entries) {
      var content = file.part(dataStart + entry.begin(), entry.end() - entry.begin());
      entry
          .type()
          .ifPresent(
              type -> tensors.put(entry.name(), new WeightTensor(entry.name(), type, content)));
    }
    return tensors;
  }

  /** The tensors whose type is not supported, with this reason. */
  static Map<String, String> unusable(List<Entry> entries) {
    var unusable = new LinkedHashMap<String, String>();
    for (var entry : entries) {
      if (entry.type().isEmpty()) {
        unusable.put(
            entry.name(),
            "dtype '%s' is not supported; it must be one of %s"
                .formatted(entry.dtype(), Dtype.NAMES));
      }
    }
    return unusable;
  }
}
