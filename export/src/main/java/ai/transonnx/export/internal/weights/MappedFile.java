package ai.transonnx.export.internal.weights;

import ai.transonnx.InputException;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A file of any size, mapped into memory for reading. It takes no space on the heap.
 *
 * <p>A mapping has at most 2 GiB, so the file is mapped as windows that overlap by the longest
 * {@linkplain Content#MAX_SLICE slice}: each slice is inside one window. The JVM unmaps a window
 * after its last slice has become unreachable.
 */
public final class MappedFile implements Content, AutoCloseable {
  private static final long WINDOW_STEP = 1L << 30;

  private final Path path;
  private final FileChannel channel;
  private final long size;
  private final long step;
  private final AtomicReferenceArray<@Nullable ByteBuffer> windows;

  private MappedFile(Path path, FileChannel channel, long step) throws IOException {
    this.path = path;
    this.channel = channel;
    this.size = channel.size();
    this.step = step;
    this.windows = new AtomicReferenceArray<>(Math.toIntExact(size / step + 1));
  }

  /**
   * Opens a file.
   *
   * @throws InputException if it is missing, a directory, or cannot be read
   */
  public static MappedFile open(Path path) {
    return open(path, WINDOW_STEP);
  }

  static MappedFile open(Path path, long step) {
    var channel = openChannel(path);
    try {
      return new MappedFile(path, channel, step);
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  /**
   * Opens an input file for reading.
   *
   * @throws InputException if it is missing, a directory, a pipe or a device, or cannot be read
   */
  public static FileChannel openChannel(Path path) {
    try {
      return PlainFile.channel(path);
    } catch (IOException e) {
      throw new InputException(path + ": " + FileErrors.unreadable(e), e);
    }
  }

  public static RuntimeException unreadable(Path path, IOException cause) {
    return Location.of(path).failed("cannot be read", cause);
  }

  public Path path() {
    return path;
  }

  /** The file's size in bytes when it was opened. */
  public long size() {
    return size;
  }

  @Override
  public ByteBuffer slice(long offset, int length) {
    Objects.checkFromIndexSize(offset, length, size);
    Objects.checkIndex(length, MAX_SLICE + 1);
    int window = (int) (offset / step);
    return window(window)
        .slice((int) (offset - window * step), length)
        .order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Copies from file to file in the operating system. */
  @Override
  public void transfer(long offset, long length, FileChannel file) throws IOException {
    Objects.checkFromIndexSize(offset, length, size);
    for (long done = 0; done < length; ) {
      long some = channel.transferTo(offset + done, length - done, file);
      if (some <= 0) {
        throw new EOFException(path + " was truncated while it was read");
      }
      done += some;
    }
  }

  private ByteBuffer window(int index) {
    var known = windows.get(index);
    if (known != null) {
      return known;
    }
    long start = index * step;
    try {
      var mapped = channel.map(MapMode.READ_ONLY, start, Math.min(step + MAX_SLICE, size - start));
      windows.set(index, mapped);
      return mapped;
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      throw unreadable(path, e);
    }
  }
}
