package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Where a call's output of a sequence arrives, such as its logits. If the shape can be told
 * beforehand, the runtime writes to a buffer that is used again; else it allocates one, which is
 * copied. There are two by turns: until what arrived is shown, the one before is.
 */
final class OutputBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final TensorSpec input;
  private final TensorSpec output;

  private Side shown = new Side();
  private Side hidden = new Side();

  /** A buffer and its native tensor. */
  private static final class Side {
    private ByteBuffer data = ByteBuffer.allocateDirect(0);
    private long[] shape = {0, 0, 0};
    private @Nullable OnnxTensor pinned;

    void unpin() {
      if (pinned != null) {
        pinned.close();
        pinned = null;
      }
    }
  }

  /**
   * @param input [b, n, ...]
   * @param output [b, n, V] or, if it has the last position only, [b, 1, V]
   */
  OutputBuffer(OrtEnvironment environment, TensorSpec input, TensorSpec output) {
    this.environment = environment;
    this.input = input;
    this.output = output;
  }

  String name() {
    return output.name();
  }

  /**
   * The native tensor for the output of {@code n} positions in each of {@code batch} rows, or null
   * if the runtime must allocate it.
   *
   * @throws MemoryLimitException if it would not fit in a buffer
   */
  @Nullable OnnxTensor pin(int batch, int n) {
    var side = hidden;
    long positions = size(1, batch, n);
    long features = size(2, batch, n);
    if (size(0, batch, n) != batch || positions < 0 || features < 0) {
      side.unpin();
      return null;
    }
    if (side.pinned == null || side.shape[1] != positions) {
      side.unpin();
      int bytes = bytes(batch, positions, features);
      if (side.data.capacity() < bytes || !side.data.isDirect()) {
        side.data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      side.data.limit(bytes);
      side.shape = new long[] {batch, positions, features};
      side.pinned = NativeTensors.wrap(environment, output.type(), side.data, side.shape);
    }
    return side.pinned;
  }

  /** Shows what arrived last. */
  void show() {
    var arrived = hidden;
    hidden = shown;
    shown = arrived;
  }

  /**
   * Takes a copy of what the runtime allocated.
   *
   * @throws RunException if it is not that of {@code batch} rows
   */
  void accept(OnnxTensor tensor, int batch) {
    Tensor copy = NativeTensors.copy(output.name(), tensor);
    if (copy.shape()[0] != batch || copy.size() == 0) {
      throw new RunException("output '%s' is %s for %s rows".formatted(output.name(), copy, batch));
    }
    hidden.unpin();
    hidden.data = copy.buffer();
    hidden.shape = copy.shape();
  }

  /** The features of a position, once there is an output. */
  int features() {
    return Math.toIntExact(shown.shape[2]);
  }

  /** A copy of the last position's output, [b, 1, V]. */
  Tensor copyLast() {
    int row = features() * output.type().bytes();
    int batch = Math.toIntExact(shown.shape[0]);
    var bytes = ByteBuffer.allocate(batch * row);
    for (int i = 0; i < batch; i++) {
      bytes.put(shown.data.slice(Math.toIntExact((i + 1) * shown.shape[1] - 1) * row, row));
    }
    return Tensor.of(output.type(), bytes.flip(), batch, 1, features());
  }

  /** Takes a copy of an output, as if it had been computed. */
  void accept(Tensor output) {
    var copy = ByteBuffer.allocateDirect(output.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
    hidden.unpin();
    hidden.data = copy.put(output.data()).flip();
    hidden.shape = output.shape();
  }

  /** Reads the output of the last position of row {@code row}. */
  void readLast(int row, float[] into) {
    long first = ((row + 1) * shown.shape[1] - 1) * shown.shape[2];
    Floats.read(output.type(), shown.data, Math.toIntExact(first), into, features());
  }

  /** The size of a dimension of the output, or -1 if it cannot be told. */
  private long size(int axis, int batch, int n) {
    Dim dim = output.dims().get(axis);
    if (dim instanceof Dim.Fixed fixed) {
      return fixed.size();
    }
    if (dim instanceof Dim.Unnamed) {
      return -1;
    }
    return dim.equals(input.dims().get(0)) ? batch : dim.equals(input.dims().get(1)) ? n : -1;
  }

  private int bytes(int batch, long positions, long features) {
    double bytes = (double) batch * positions * features * output.type().bytes();
    if (bytes > Integer.MAX_VALUE) {
      boolean isAll = output.name().equals(OnnxModel.LOGITS) && positions > 1;
      throw new MemoryLimitException(
          "output '%s' of %s rows, %s positions and %s features is larger than 2 GiB; use fewer rows%s"
              .formatted(
                  output.name(),
                  batch,
                  positions,
                  features,
                  isAll ? ", or export with --logits last" : ""));
    }
    return (int) bytes;
  }

  @Override
  public void close() {
    shown.unpin();
    hidden.unpin();
  }
}
