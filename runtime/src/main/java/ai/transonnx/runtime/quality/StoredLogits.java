package ai.transonnx.runtime.quality;

import ai.transonnx.format.internal.file.TemporaryFiles;
import ai.transonnx.runtime.Cancellation;
import ai.transonnx.runtime.RunException;
import ai.transonnx.runtime.Tensor;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The logits of whole windows, which are computed at once and then read from a temporary file, so
 * that another model can use the memory for its own. For one thread.
 */
final class StoredLogits implements LogitsSource {
  private final WindowLogits source;
  private final FileChannel file;
  private @Nullable Tensor row; // [V], of the logits' type
  private ByteBuffer bytes = ByteBuffer.allocateDirect(0);
  private double[] values = {};

  private StoredLogits(WindowLogits source, FileChannel file) {
    this.source = source;
    this.file = file;
  }

  /**
   * Stores the logits of a source.
   *
   * @throws RunException if there is no temporary file
   */
  static StoredLogits of(WindowLogits source) {
    try {
      return new StoredLogits(source, TemporaryFiles.open());
    } catch (IOException e) {
      throw failed(e);
    }
  }

  private static RunException failed(IOException e) {
    return new RunException(
        "%s: the logits of a window cannot be stored in a temporary file: %s; specify another folder with -Djava.io.tmpdir=FOLDER, or a smaller context (--context)"
            .formatted(TemporaryFiles.directory(), e.getMessage()),
        e);
  }

  @Override
  public void start(long[] window, Cancellation cancellation) {
    source.start(window, cancellation);
    var logits = source.whole();
    int vocabulary = (int) logits.shape()[2];
    var data = logits.data().limit(window.length * vocabulary * logits.type().bytes());
    try {
      file.position(0);
      while (data.hasRemaining()) {
        file.write(data);
      }
      file.position(0);
    } catch (IOException e) {
      throw failed(e);
    }
    if (values.length != vocabulary) {
      values = new double[vocabulary];
      bytes = ByteBuffer.allocateDirect(vocabulary * logits.type().bytes());
    }
    row = Tensor.of(logits.type(), bytes.clear(), vocabulary);
  }

  @Override
  public double[] next() {
    if (row == null) {
      throw new IllegalStateException("no window has begun");
    }
    bytes.clear();
    try {
      while (bytes.hasRemaining()) {
        if (file.read(bytes) < 0) {
          throw new EOFException("the temporary file was truncated");
        }
      }
    } catch (IOException e) {
      throw failed(e);
    }
    row.doubles(0, values);
    return values;
  }

  @Override
  public void close() {
    source.close();
    try {
      file.close();
    } catch (IOException e) {
      throw failed(e);
    }
  }
}
