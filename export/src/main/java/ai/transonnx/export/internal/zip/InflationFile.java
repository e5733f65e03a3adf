package ai.transonnx.export.internal.zip;

import ai.transonnx.export.internal.weights.DiskSpace;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.file.TemporaryFiles;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A temporary file for the inflated entries of an archive. It is created for the first entry and
 * deleted when it is closed.
 */
final class InflationFile implements AutoCloseable {
  /** Failure to write the temporary file. */
  static final class WriteException extends IOException {
    WriteException(IOException cause) {
      super(cause.getMessage(), cause);
    }

    @Override
    public synchronized IOException getCause() {
      return (IOException) Objects.requireNonNull(super.getCause());
    }
  }

  private final Location location;
  private @Nullable FileChannel file;
  private @Nullable DiskSpace disk;
  private long end;

  /**
   * Creates no file yet.
   *
   * @param location the archive, for error messages
   */
  InflationFile(Location location) {
    this.location = location;
  }

  /** Reserves space for the bytes of an entry. */
  synchronized Writer writer(long bytes) throws WriteException {
    try {
      if (file == null) {
        disk = DiskSpace.of(TemporaryFiles.directory());
        file = TemporaryFiles.open();
      }
      Objects.requireNonNull(disk).check(bytes);
      var writer = new Writer(location, file, end, bytes);
      end += bytes;
      return writer;
    } catch (IOException e) {
      throw new WriteException(e);
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
    return location.failed("its temporary file cannot be read", e);
  }

  /** Writes the bytes of one entry. */
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

    /** Writes bytes. Returns false, and writes nothing, if the entry has fewer bytes left. */
    boolean write(byte[] block, int count) throws WriteException {
      if (count > length - written) {
        return false;
      }
      try {
        for (var bytes = ByteBuffer.wrap(block, 0, count); bytes.hasRemaining(); ) {
          written += file.write(bytes, start + written);
        }
        return true;
      } catch (IOException e) {
        throw new WriteException(e);
      }
    }

    boolean isComplete() {
      return written == length;
    }

    Content content() {
      return new FileContent(location, file).part(start, length);
    }
  }

  /** The bytes of the temporary file. */
  private record FileContent(Location location, FileChannel file) implements Content {
    @Override
    public ByteBuffer slice(long offset, int length) {
      Objects.checkIndex(length, MAX_SLICE + 1);
      var bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
      try {
        while (bytes.hasRemaining()) {
          if (file.read(bytes, offset + bytes.position()) < 0) {
            throw new EOFException("the temporary file was truncated");
          }
        }
      } catch (IOException e) {
        throw failed(location, e);
      }
      return bytes.flip();
    }
  }
}
