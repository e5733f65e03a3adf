package ai.transonnx.export.internal.zip;

import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.Content;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One temporary file for all that is inflated. It is made when it is needed, and goes by itself.
 */
final class InflationFile implements AutoCloseable {
  /** The temporary file cannot be written. */
  static final class SpoolException extends IOException {
    SpoolException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) Objects.requireNonNull(super.getCause());
    }
  }

  private final Location location;
  private @Nullable FileChannel file;
  private long end;

  /**
   * Nothing so far.
   *
   * @param location of the archive, for messages
   */
  InflationFile(Location location) {
    this.location = location;
  }

  /** Room for so many bytes. */
  synchronized Writer writer(long bytes) throws SpoolException {
    try {
      if (file == null) {
        file =
            FileChannel.open(
                Files.createTempFile("transonnx-", ".inflated"),
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE);
      }
      var writer = new Writer(location, file, end, bytes);
      end += bytes;
      return writer;
    } catch (IOException e) {
      throw new SpoolException(e);
    }
  }

  @Override
  public synchronized void close() {
    if (file != null) {
      try {
        file.close();
      } catch (IOException e) {
        throw failed(location, e);
      }
    }
  }

  private static RuntimeException failed(Location location, IOException e) {
    return location.failed("a temporary file of it cannot be read", e);
  }

  /** Takes the bytes of one entry. */
  static final class Writer {
    private final Location location;
    private final FileChannel file;
    private final long start;
    private final long length;
    private long written;

    private Writer(Location location, FileChannel file, long start, long length) {
      this.location = location;
      this.file = file;
      this.start = start;
      this.length = length;
    }

    /** Writes bytes, unless they are too many: then it says no. */
    boolean write(byte[] block, int count) throws SpoolException {
      if (count > length - written) {
        return false;
      }
      try {
        for (var bytes = ByteBuffer.wrap(block, 0, count); bytes.hasRemaining(); ) {
          written += file.write(bytes, start + written);
        }
        return true;
      } catch (IOException e) {
        throw new SpoolException(e);
      }
    }

    boolean isComplete() {
      return written == length;
    }

    Content content() {
      return new Spooled(location, file).part(start, length);
    }
  }

  /** What has been written, from the file's first byte on. */
  private record Spooled(Location location, FileChannel file) implements Content {
    @Override
    public ByteBuffer slice(long offset, int length) {
      Objects.checkIndex(length, MAX_SLICE + 1);
      var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      try {
        while (bytes.hasRemaining()) {
          if (file.read(bytes, offset + bytes.position()) < 0) {
            throw new EOFException("a temporary file has become shorter");
          }
        }
      } catch (IOException e) {
        throw failed(location, e);
      }
      return bytes.flip();
    }
  }
}
