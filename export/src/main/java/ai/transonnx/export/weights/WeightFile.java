package ai.transonnx.export.weights;

import ai.transonnx.InputException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/**
 * An open file of named tensors. Opening checks all that the file says of itself; the tensors'
 * bytes are read only when asked for, and a file may be larger than the heap.
 *
 * <p>A file can be read from several threads at once, until it is closed.
 */
public interface WeightFile extends AutoCloseable {
  /** Where the file lies, as the user gave it. */
  Path path();

  /** All files that the weights lie in: the one at {@link #path}, then those that it names. */
  default List<Path> files() {
    return List.of(path());
  }

  /** The name of the format, for people. */
  String format();

  /** The tensors by name, in the file's order; unmodifiable. */
  Map<String, WeightTensor> tensors();

  /** What the file says beside its tensors; unmodifiable, often empty. */
  SortedMap<String, String> metadata();

  /** What is wrong with this file, as a line that starts with its path. */
  default InputException error(String problem) {
    return new InputException(path() + ": " + problem);
  }

  /** Lets go of the file; tensors that were taken from it must not be read any more. */
  @Override
  void close();
}
