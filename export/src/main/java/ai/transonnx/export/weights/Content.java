package ai.transonnx.export.weights;

import java.nio.ByteBuffer;
import java.util.Objects;

/** Bytes that are read a piece at a time, so that there can be more of them than fit a buffer. */
@FunctionalInterface
public interface Content {
  /** The most bytes of one slice: 16 MiB. */
  int MAX_SLICE = 16 << 20;

  /**
   * Some of the bytes, in little-endian order, as a view wherever the format allows it.
   *
   * @param offset counted from the first byte
   * @param length at most {@link #MAX_SLICE}
   * @throws IndexOutOfBoundsException if the bytes end before that, or the slice is too long
   */
  ByteBuffer slice(long offset, int length);

  /** The part that begins at {@code start} and is {@code size} bytes long. */
  default Content part(long start, long size) {
    return (offset, length) -> {
      Objects.checkFromIndexSize(offset, length, size);
      return slice(start + offset, length);
    };
  }
}
