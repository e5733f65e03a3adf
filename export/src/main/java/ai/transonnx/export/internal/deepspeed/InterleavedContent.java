package ai.transonnx.export.internal.deepspeed;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;

/**
 * The same range of several contents, one after the other.
 *
 * @param start the first byte of the range in each content
 * @param length the length of the range
 */
record InterleavedContent(List<Content> parts, long start, long length) implements Content {
  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length * parts.size());
    Objects.checkIndex(count, MAX_SLICE + 1);
    var joined = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    while (joined.hasRemaining()) {
      long position = offset + joined.position();
      long inPart = position % length;
      int some = (int) Math.min(joined.remaining(), length - inPart);
      joined.put(parts.get((int) (position / length)).slice(start + inPart, some));
    }
    return joined.flip();
  }
}
