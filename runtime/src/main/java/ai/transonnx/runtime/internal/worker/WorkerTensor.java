package ai.transonnx.runtime.internal.worker;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/**
 * A tensor in a safetensors file.
 *
 * @param dtype the format's name of the element type, such as {@code F32}
 * @param data the elements in a direct buffer, little endian
 */
record WorkerTensor(String dtype, List<Long> shape, ByteBuffer data) {
  static WorkerTensor of(String dtype, long[] shape, ByteBuffer data) {
    return new WorkerTensor(dtype, Arrays.stream(shape).boxed().toList(), data);
  }

  /** The shape as the libraries take it. */
  long[] sizes() {
    return shape.stream().mapToLong(Long::longValue).toArray();
  }
}
