package ai.transonnx.export.weights;

import ai.transonnx.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * An open file of named tensors. Opening checks the header; the bytes of tensors are read on
 * demand, and a file may be larger than the heap.
 *
 * <p>Threads may share it until it is closed.
 */
public interface WeightFile extends AutoCloseable {
  /** The path of the file, or of the folder if its files have parts of the tensors. */
  Path path();

  /** All files of the weights: the one at {@link #path} if it is a file, then the others. */
  default List<Path> files() {
    return List.of(path());
  }

  /** The name of the format, for people. */
  String format();

  /** The tensors by name, in the file's order; unmodifiable. Those of one of the {@link #sets}. */
  Map<String, WeightTensor> tensors();

  /**
   * The entries beside {@link #tensors} that are tensors, or may be, and cannot be read; for each
   * the reason, such as {@code its type float8_e4m3fn is not supported}.
   */
  default Map<String, String> unusable() {
    return Map.of();
  }

  /** All sets of named tensors in the file, those with the shortest keys first. */
  default List<WeightSet> sets() {
    return List.of(new WeightSet("", tensors(), unusable()));
  }

  /** The entries of the file beside tensors and {@link #metadata}, for people: the kind by key. */
  default Map<String, String> others() {
    return Map.of();
  }

  /** The metadata in the file; unmodifiable, often empty. */
  SortedMap<String, String> metadata();

  /**
   * Reads everything that has a checksum in the file, and compares it. PyTorch's files since 1.6
   * and NumPy's npz have checksums, those of their zip archives. Reading tensors checks them only
   * if they are compressed.
   *
   * @throws InputException if a checksum does not match, or the format is another one
   */
  default void verifyChecksums() {
    throw error("checksums of the format %s are not supported".formatted(format()));
  }

  /** An exception about this file; its message starts with the path. */
  default InputException error(String problem) {
    return new InputException(path() + ": " + problem);
  }

  /** Closes the file; its tensors must not be read afterwards. */
  @Override
  void close();
}
