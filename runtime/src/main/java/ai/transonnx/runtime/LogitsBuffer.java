package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where the logits of a call arrive. If their shape can be told beforehand, the runtime writes them
 * to a buffer that is used again by the next call; else it allocates them, and they are copied.
 */
final class LogitsBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final TensorSpec tokens;
  private final TensorSpec logits;

  private ByteBuffer data = ByteBuffer.allocateDirect(0);
  private long[] shape = {0, 0, 0};
  private @Nullable OnnxTensor pinned;

  /**
   * @param tokens the input [b, n]
   * @param logits the output [b, n, V] or, if it has the last position only, [b, 1, V]
   */
  LogitsBuffer(OrtEnvironment environment, TensorSpec tokens, TensorSpec logits) {
    this.environment = environment;
    this.tokens = tokens;
    this.logits = logits;
  }

  /**
   * The native tensor for the logits of {@code n} tokens in each of {@code batch} rows, or null if
   * the runtime must allocate it.
   *
   * @throws MemoryLimitException if the logits would not fit in a buffer
   */
  @Nullable OnnxTensor pin(int batch, int n) {
    long positions = size(1, batch, n);
    long vocabulary = size(2, batch, n);
    if (size(0, batch, n) != batch || positions < 0 || vocabulary < 0) {
      close();
      return null;
    }
    if (pinned == null || shape[1] != positions) {
      close();
      int bytes = bytes(batch, positions, vocabulary);
      if (data.capacity() < bytes) {
        data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      data.limit(bytes);
      shape = new long[] {batch, positions, vocabulary};
      pinned = NativeTensors.wrap(environment, logits.type(), data, shape);
    }
    return pinned;
  }

  /**
   * Copies the logits that the runtime allocated.
   *
   * @throws RunException if they are not those of {@code batch} rows
   */
  void copy(OnnxTensor tensor, int batch) {
    Tensor copy = NativeTensors.copy(logits.name(), tensor);
    if (copy.shape()[0] != batch || copy.size() == 0) {
      throw new RunException("output '%s' is %s for %d rows".formatted(logits.name(), copy, batch));
    }
    data = copy.buffer();
    shape = copy.shape();
  }

  /** The size of the vocabulary, once there are logits. */
  int vocabulary() {
    return Math.toIntExact(shape[2]);
  }

  /** A copy of the last position's logits, [b, 1, V]. */
  Tensor copyLast() {
    int row = vocabulary() * logits.type().bytes();
    int batch = Math.toIntExact(shape[0]);
    var bytes = ByteBuffer.allocate(batch * row);
    for (int i = 0; i < batch; i++) {
      bytes.put(data.slice(Math.toIntExact((i + 1) * shape[1] - 1) * row, row));
    }
    return Tensor.of(logits.type(), bytes.flip(), batch, 1, vocabulary());
  }

  /** Takes logits as if they had been computed. */
  void restore(Tensor copy) {
    close();
    data = ByteBuffer.allocateDirect(copy.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
    data.put(copy.data()).flip();
    shape = copy.shape();
  }

  /** Reads the logits of the last position of row {@code row}. */
  void readLast(int row, float[] into) {
    long first = ((row + 1) * shape[1] - 1) * shape[2];
    Floats.read(logits.type(), data, Math.toIntExact(first), into, vocabulary());
  }

  /** The size of a dimension of the logits, or -1 if it cannot be told. */
  private long size(int axis, int batch, int n) {
    Dim dim = logits.dims().get(axis);
    if (dim instanceof Dim.Fixed fixed) {
      return fixed.size();
    }
    if (dim instanceof Dim.Unnamed) {
      return -1;
    }
    return dim.equals(tokens.dims().get(0)) ? batch : dim.equals(tokens.dims().get(1)) ? n : -1;
  }

  private int bytes(int batch, long positions, long vocabulary) {
    double bytes = (double) batch * positions * vocabulary * logits.type().bytes();
    if (bytes > Integer.MAX_VALUE) {
      throw new MemoryLimitException(
          "the logits of %d rows, %d positions and %d tokens are larger than 2 GiB; use fewer rows"
              .formatted(batch, positions, vocabulary));
    }
    return (int) bytes;
  }

  @Override
  public void close() {
    if (pinned != null) {
      pinned.close();
      pinned = null;
    }
  }
}
