package ai.transonnx.export.weights;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Objects;

/**
 * Bytes that are read in slices, so that their number may exceed the limit of a buffer.
 *
 * <p>Threads may share it until its file is closed.
 */
@FunctionalInterface
public interface Content {
  /** The most bytes of one slice: 16 MiB. */
  int MAX_SLICE = 16 << 20;

  /**
   * A slice of the bytes as a little-endian buffer; a view of the file if the format allows one.
   *
   * @param offset the position of the first byte of the slice
   * @param length at most {@link #MAX_SLICE}
   * @throws IndexOutOfBoundsException if the slice exceeds the content or {@link #MAX_SLICE}
   */
  ByteBuffer slice(long offset, int length);

  /**
   * Writes a range of the bytes to a file, at its current position.
   *
   * @param offset the position of the first byte of the range
   */
  default void transfer(long offset, long length, FileChannel file) throws IOException {
    for (long done = 0; done < length; done += MAX_SLICE) {
      var slice = slice(offset + done, (int) Math.min(MAX_SLICE, length - done));
      while (slice.hasRemaining()) {
        file.write(slice);
      }
    }
  }

  /**
   * The number of bytes that repeat others of this content: those of an expanded tensor, whose file
   * stores fewer elements than its shape has.
   */
  default long repeatedBytes() {
    return 0;
  }

  /** The part of {@code size} bytes from {@code start} on. */
  default Content part(long start, long size) {
    return new Part(this, start, size);
  }

  /** A part of other content. */
  record Part(Content whole, long start, long size) implements Content {
    @Override
    public ByteBuffer slice(long offset, int length) {
      Objects.checkFromIndexSize(offset, length, size);
      return whole.slice(start + offset, length);
    }

    @Override
    public void transfer(long offset, long length, FileChannel file) throws IOException {
      Objects.checkFromIndexSize(offset, length, size);
      whole.transfer(start + offset, length, file);
    }
  }
}
