package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** The native input of a sequence, [b, n] or [b, n, d]; reused until n changes. */
final class InputBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final TensorSpec input;
  private final int batch;
  private final int features;
  private final int offset;
  private ByteBuffer data = ByteBuffer.allocateDirect(0);
  private @Nullable OnnxTensor tensor;
  private int length;

  /**
   * @param input [b, n], or [b, n, d] with d fixed
   * @param offset where its bytes begin within those of a stored position
   */
  InputBuffer(OrtEnvironment environment, TensorSpec input, int batch, int offset) {
    this.environment = environment;
    this.input = input;
    this.batch = batch;
    this.offset = offset;
    this.features = input.rank() == 2 ? 1 : (int) input.fixedSize(2).orElseThrow();
  }

  String name() {
    return input.name();
  }

  /** Its bytes within those of a position. */
  int width() {
    return features * input.type().bytes();
  }

  /** The native tensor of {@code n} stored positions of each row, from index {@code first} on. */
  OnnxTensor fill(FedPositions positions, int first, int n) {
    var filled = sized(n);
    for (int row = 0; row < batch; row++) {
      positions.write(row, first, n, offset, data.slice(row * n * width(), n * width()));
    }
    return filled;
  }

  private OnnxTensor sized(int n) {
    if (tensor == null || length != n) {
      close();
      int bytes = Math.multiplyExact(Math.multiplyExact(batch, n), width());
      if (data.capacity() < bytes) {
        data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      data.clear().limit(bytes);
      long[] shape = input.rank() == 2 ? new long[] {batch, n} : new long[] {batch, n, features};
      tensor = NativeTensors.wrap(environment, input.type(), data, shape);
      length = n;
    }
    return tensor;
  }

  @Override
  public void close() {
    if (tensor != null) {
      tensor.close();
      tensor = null;
    }
  }
}
