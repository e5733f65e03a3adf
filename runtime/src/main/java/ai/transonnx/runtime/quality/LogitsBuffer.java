package ai.transonnx.runtime.quality;

import ai.transonnx.format.ElementType;
import ai.transonnx.runtime.MemoryLimitException;
import ai.transonnx.runtime.Tensor;
import java.nio.ByteBuffer;

/** Memory for the logits of one window, which calls reuse. For one thread. */
final class LogitsBuffer {
  private ByteBuffer data = ByteBuffer.allocateDirect(0);

  /**
   * A tensor in this memory; it keeps the content of the memory.
   *
   * @throws MemoryLimitException if it is larger than 2 GiB
   */
  Tensor tensor(ElementType type, int rows, int n, int vocabulary) {
    double bytes = (double) rows * n * vocabulary * type.bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new MemoryLimitException(
          "the logits of a window of %s positions, %s rows and %s tokens are larger than 2 GiB; use a smaller context (--context)"
              .formatted(n, rows, vocabulary));
    }
    if (data.capacity() < bytes) {
      data = ByteBuffer.allocateDirect((int) bytes);
    }
    return Tensor.of(type, data.slice(0, (int) bytes), rows, n, vocabulary);
  }
}
