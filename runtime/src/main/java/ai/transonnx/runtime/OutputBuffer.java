package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.transonnx.format.Dim;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The output of a sequence, such as its logits. If the shape is known before the call, ONNX Runtime
 * writes to a buffer that later calls reuse; otherwise it allocates a tensor, which is copied. Two
 * buffers alternate: readers see the previous output until {@link #publish}, so that a failed feed
 * leaves it unchanged.
 */
final class OutputBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final TensorSpec input;
  private final TensorSpec output;

  private Side published = new Side();
  private Side pending = new Side();

  /** A buffer and its native tensor. */
  private static final class Side {
    private ByteBuffer data = ByteBuffer.allocateDirect(0);
    private long[] shape = {0, 0, 0};
    private @Nullable OnnxTensor pinned;
    private int length; // the number of positions of a call that the native tensor is for

    void unpin() {
      if (pinned != null) {
        pinned.close();
        pinned = null;
      }
    }
  }

  /**
   * @param input [b, n, ...]
   * @param output [b, n, V], or [b, 1, V] of a model that returns the last position only; [b, n]
   *     has one feature
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
   * if ONNX Runtime must allocate it.
   *
   * @throws MemoryLimitException if it is larger than 2 GiB
   */
  @Nullable OnnxTensor pin(int batch, int n) {
    var side = pending;
    if (side.pinned != null && side.length == n && side.shape[0] == batch) {
      return side.pinned;
    }
    long positions = size(1, batch, n);
    long features = size(2, batch, n);
    if (size(0, batch, n) != batch || positions < 0 || features < 0) {
      side.unpin();
      return null;
    }
    if (side.pinned == null || side.shape[0] != batch || side.shape[1] != positions) {
      side.unpin();
      int bytes = bytes(batch, positions, features);
      if (side.data.capacity() < bytes || !side.data.isDirect()) {
        side.data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      side.data.limit(bytes);
      side.shape = new long[] {batch, positions, features};
      long[] shape = Arrays.copyOf(side.shape, output.rank());
      side.pinned = NativeTensors.wrap(environment, output.type(), side.data, shape);
    }
    side.length = n;
    return side.pinned;
  }

  /** Makes the output of the last call the one that readers see. */
  void publish() {
    var newest = pending;
    pending = published;
    published = newest;
  }

  /**
   * Copies the tensor that ONNX Runtime allocated for a call.
   *
   * @throws RunException if it does not have {@code batch} rows
   */
  void accept(OnnxTensor tensor, int batch) {
    Tensor copy = NativeTensors.copy(output.name(), tensor);
    if (copy.shape()[0] != batch || copy.size() == 0) {
      throw new RunException(
          "output '%s' is %s; expected are %s rows".formatted(output.name(), copy, batch));
    }
    var shape = copy.shape();
    pending.unpin();
    pending.data = copy.buffer();
    pending.shape = new long[] {shape[0], shape[1], shape.length == 2 ? 1 : shape[2]};
  }

  /** The last dimension, once there is an output. */
  int features() {
    return Math.toIntExact(published.shape[2]);
  }

  /** A copy of the output at the last position, [b, 1, V]. */
  Tensor copyLast() {
    int row = features() * output.type().bytes();
    int batch = Math.toIntExact(published.shape[0]);
    var bytes = ByteBuffer.allocate(batch * row);
    for (int i = 0; i < batch; i++) {
      bytes.put(published.data.slice(Math.toIntExact((i + 1) * published.shape[1] - 1) * row, row));
    }
    return Tensor.of(output.type(), bytes.flip(), batch, 1, features());
  }

  /** Copies an output of another loop. */
  void accept(Tensor other) {
    var copy = ByteBuffer.allocateDirect(other.data().remaining()).order(ByteOrder.LITTLE_ENDIAN);
    pending.unpin();
    pending.data = copy.put(other.data()).flip();
    pending.shape = other.shape();
  }

  /** Copies the output at the last position of row {@code row}. */
  void readLast(int row, float[] target) {
    long first = ((row + 1) * published.shape[1] - 1) * published.shape[2];
    FloatConversion.read(output.type(), published.data, Math.toIntExact(first), target, features());
  }

  /** Copies the output at the last position of row {@code row}. */
  void readLast(int row, double[] target) {
    long first = ((row + 1) * published.shape[1] - 1) * published.shape[2];
    FloatConversion.read(output.type(), published.data, Math.toIntExact(first), target, features());
  }

  /** The size of a dimension of the output, or -1 if it is unknown before the call. */
  private long size(int axis, int batch, int n) {
    if (axis == output.rank()) {
      return 1;
    }
    Dim dim = output.dims().get(axis);
    if (dim.isFixed()) {
      return dim.size();
    }
    if (dim.isUnknown()) {
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
    published.unpin();
    pending.unpin();
  }
}
