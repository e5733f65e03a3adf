package ai.transonnx.verification;

import ai.transonnx.export.Weights;
import ai.transonnx.export.weights.Content;
import ai.transonnx.export.weights.WeightFile;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Set;

/**
 * Tensors of a file in any weight format, as inputs of a model. Threads may share it until it is
 * closed.
 */
public final class StoredTensors implements AutoCloseable {
  private static final long MAX_EXPANSION = 64 << 20;

  private final WeightFile file;

  private StoredTensors(WeightFile file) {
    this.file = file;
  }

  /**
   * Opens a file.
   *
   * @throws ai.transonnx.InputException if it is missing or damaged
   */
  public static StoredTensors open(Path path) {
    return new StoredTensors(Weights.open(path));
  }

  /** The names of the tensors, in the order of the file. */
  public Set<String> names() {
    return file.tensors().keySet();
  }

  /**
   * A copy of a tensor.
   *
   * @throws ai.transonnx.InputException if there is no such tensor, or it is larger than 2 GiB
   */
  public Tensor tensor(String name) {
    var stored = file.tensors().get(name);
    if (stored == null) {
      throw file.error("there is no tensor '" + name + "'");
    }
    return tensor(stored);
  }

  private Tensor tensor(WeightTensor stored) {
    long size = stored.byteCount();
    if (size > Integer.MAX_VALUE) {
      throw file.error("tensor '%s' is larger than 2 GiB".formatted(stored.name()));
    }
    if (stored.content().repeatedBytes() > MAX_EXPANSION) {
      throw file.error(
          "tensor '%s' is expanded from fewer elements; save a contiguous copy"
              .formatted(stored.name()));
    }
    var bytes = ByteBuffer.allocateDirect((int) size);
    while (bytes.hasRemaining()) {
      int length = Math.min(bytes.remaining(), Content.MAX_SLICE);
      bytes.put(stored.content().slice(bytes.position(), length));
    }
    return Tensor.of(stored.elements(), bytes.flip(), stored.shape().sizes());
  }

  @Override
  public void close() {
    file.close();
  }
}
