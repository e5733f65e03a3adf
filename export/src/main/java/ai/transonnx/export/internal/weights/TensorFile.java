package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** An open weight file of any format: its tensors, and the resource that their bytes need. */
public record TensorFile(
    Path path,
    List<Path> files,
    String format,
    Map<String, WeightTensor> tensors,
    SortedMap<String, String> metadata,
    Resource resource)
    implements WeightFile {
  /** An open file or archive, which the tensors' bytes are read from. */
  @FunctionalInterface
  public interface Resource {
    void close();
  }

  public TensorFile {
    files = List.copyOf(files);
    tensors = Collections.unmodifiableMap(tensors);
    metadata = Collections.unmodifiableSortedMap(metadata);
  }

  /** Weights in a single file. */
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
