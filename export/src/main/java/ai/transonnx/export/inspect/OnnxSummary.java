package ai.transonnx.export.inspect;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.MappedFile;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedMap;

/**
 * The content of an ONNX file without the elements of its tensors. Reading it takes bounded memory
 * for any file.
 *
 * <p>Immutable; threads may share it.
 *
 * @param bytes the file's size in bytes
 * @param producer the name and version of the program that wrote it
 * @param opsets the opset version of each domain; ONNX's own domain is the empty string
 * @param metadata the metadata by key
 */
public record OnnxSummary(
    Path path,
    long bytes,
    long irVersion,
    String producer,
    SortedMap<String, Long> opsets,
    SortedMap<String, String> metadata,
    GraphSummary graph,
    List<FunctionSummary> functions) {

  /**
   * Reads a file.
   *
   * @throws InputException if it is missing, unreadable, truncated, or not an ONNX file
   */
  public static OnnxSummary read(Path path) {
    try (var file = MappedFile.open(path)) {
      return ModelReader.read(file);
    }
  }

  /** The size of all elements, in bytes. */
  public long elementBytes() {
    return graph.initializers().stream().mapToLong(InitializerSummary::bytes).sum();
  }
}
