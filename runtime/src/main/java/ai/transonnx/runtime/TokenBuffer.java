package ai.transonnx.runtime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.LongBuffer;
import org.jspecify.annotations.Nullable;

/** The native input of token numbers, [b, n], made anew only when n changes. */
final class TokenBuffer implements AutoCloseable {
  private final OrtEnvironment environment;
  private final int batch;
  private ByteBuffer data = ByteBuffer.allocateDirect(0);
  private @Nullable OnnxTensor tensor;
  private int length;

  TokenBuffer(OrtEnvironment environment, int batch) {
    this.environment = environment;
    this.batch = batch;
  }

  /** The native tensor [b, n], and behind it what {@link #tokens} holds when the model runs. */
  OnnxTensor shaped(int n) {
    if (tensor == null || length != n) {
      close();
      int bytes = Math.multiplyExact(Math.multiplyExact(batch, n), Long.BYTES);
      if (data.capacity() < bytes) {
        data = ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
      }
      data.limit(bytes);
      tensor = NativeTensors.wrap(environment, ElementType.INT64, data, batch, n);
      length = n;
    }
    return tensor;
  }

  /** The numbers of the tensor last asked for, to be written. */
  LongBuffer tokens() {
    return data.asLongBuffer();
  }

  @Override
  public void close() {
    if (tensor != null) {
      tensor.close();
      tensor = null;
    }
  }
}
