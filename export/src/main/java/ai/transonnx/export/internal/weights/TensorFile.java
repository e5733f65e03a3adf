package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/** An open weight file of any format: its tensors, and the resource that their bytes need. */
public record TensorFile(
    Path path, List<Path> files, String format, FileContents contents, Resource resource)
    implements WeightFile {
  /** An open file or archive, which the tensors' bytes are read from. */
  @FunctionalInterface
  public interface Resource {
    void close();

    /**
     * Compares the bytes with their checksums.
     *
     * @return whether there are checksums
     * @throws ai.transonnx.InputException if one does not match
     */
    default boolean verifyChecksums() {
      return false;
    }
  }

  public TensorFile {
    files = List.copyOf(files);
  }

  /** Weights in a single file. */
  public static TensorFile of(Path path, String format, FileContents contents, Resource resource) {
    return new TensorFile(path, List.of(path), format, contents, resource);
  }

  @Override
  public Map<String, WeightTensor> tensors() {
    return contents.chosen().tensors();
  }

  @Override
  public Map<String, String> unusable() {
    return contents.chosen().unusable();
  }

  @Override
  public List<WeightSet> sets() {
    return contents.sets();
  }

  @Override
  public SortedMap<String, String> metadata() {
    return contents.metadata();
  }

  @Override
  public Map<String, String> others() {
    return contents.others();
  }

  @Override
  public void verifyChecksums() {
    if (!resource.verifyChecksums()) {
      WeightFile.super.verifyChecksums();
    }
  }

  @Override
  public void close() {
    resource.close();
  }
}
