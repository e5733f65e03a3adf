package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** A file of weights whose tensors are known, for every format that has nothing else to keep. */
public record TensorFile(
    Path path,
    List<Path> files,
    String format,
    Map<String, WeightTensor> tensors,
    SortedMap<String, String> metadata,
    Resource resource)
    implements WeightFile {
  /** What is held open for the tensors' bytes. */
  @FunctionalInterface
  public interface Resource {
    void close();
  }

  public TensorFile {
    files = List.copyOf(files);
    tensors = Collections.unmodifiableMap(tensors);
    metadata = Collections.unmodifiableSortedMap(metadata);
  }

  /** A file by itself. */
  public static TensorFile of(
      Path path,
      String format,
      Map<String, WeightTensor> tensors,
      SortedMap<String, String> metadata,
      Resource resource) {
    return new TensorFile(path, List.of(path), format, tensors, metadata, resource);
  }

  @Override
  public void close() {
    resource.close();
  }
}
