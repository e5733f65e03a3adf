package ai.transonnx.export.internal.weights;

import ai.transonnx.export.weights.Content;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Objects;

/** The bytes of a {@link Content} as a stream. Skipping reads nothing. */
public final class ContentStream extends InputStream {
  private final Content content;
  private final long length;
  private long position;
  private ByteBuffer slice = ByteBuffer.allocate(0);

  /** A stream of the first {@code length} bytes. */
  public ContentStream(Content content, long length) {
    this.content = content;
    this.length = length;
  }

  @Override
  public int read() {
    return refill() ? Byte.toUnsignedInt(slice.get()) : -1;
  }

  @Override
  public int read(byte[] into, int offset, int count) {
    Objects.checkFromIndexSize(offset, count, into.length);
    if (count == 0) {
      return 0;
    }
    if (!refill()) {
      return -1;
    }
    int available = Math.min(count, slice.remaining());
    slice.get(into, offset, available);
    return available;
  }

  @Override
  public long skip(long count) {
    long wanted = Math.max(0, Math.min(count, slice.remaining() + length - position));
    int inSlice = (int) Math.min(wanted, slice.remaining());
    slice.position(slice.position() + inSlice);
    position += wanted - inSlice;
    return wanted;
  }

  private boolean refill() {
    if (!slice.hasRemaining() && position < length) {
      slice = content.slice(position, (int) Math.min(Content.MAX_SLICE, length - position));
      position += slice.remaining();
    }
    return slice.hasRemaining();
  }
}
