package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The bytes of a pickle, read in order. Every length is checked against what is left before it is
 * believed, and long runs are not read: they become parts of the file.
 */
public final class PickleInput {
  private static final int WINDOW = 1 << 16;

  private final Content content;
  private final long length;
  private long windowStart;
  private ByteBuffer window = ByteBuffer.allocate(0);

  /** A pickle that begins with the content's first byte. */
  public PickleInput(Content content, long length) {
    this.content = content;
    this.length = length;
  }

  /** The number of bytes that have been read. */
  public long position() {
    return windowStart + window.position();
  }

  /** Goes to another place. */
  public void seek(long position) {
    windowStart = Objects.checkIndex(position, length + 1);
    window = ByteBuffer.allocate(0);
  }

  /** The number of bytes that are left. */
  public long remaining() {
    return length - position();
  }

  int unsignedByte(String what) {
    return Byte.toUnsignedInt(ahead(1, what).get());
  }

  int unsignedShort(String what) {
    return Short.toUnsignedInt(ahead(Short.BYTES, what).getShort());
  }

  int signedInt(String what) {
    return ahead(Integer.BYTES, what).getInt();
  }

  long unsignedInt(String what) {
    return Integer.toUnsignedLong(signedInt(what));
  }

  /** A number of 64 bits, which is taken for a length if it is larger than any. */
  long signedLong(String what) {
    return ahead(Long.BYTES, what).getLong();
  }

  double real(String what) {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong(what)));
  }

  /** At most {@link #WINDOW} bytes. */
  byte[] bytes(int count, String what) {
    var bytes = new byte[Objects.checkIndex(count, WINDOW + 1)];
    ahead(count, what).get(bytes);
    return bytes;
  }

  /** Skips bytes, which are left in the file. */
  Content region(long count, String what) {
    require(count, what);
    long start = position();
    if (count <= window.remaining()) {
      window.position(window.position() + (int) count);
    } else {
      seek(start + count);
    }
    return content.part(start, count);
  }

  String text(int count, String what) {
    return utf8(bytes(count, what), what);
  }

  /** A text that ends with a line feed, which is not part of it. */
  String line(String what) {
    var line = new byte[Texts.LONGEST];
    for (int i = 0; i < line.length; i++) {
      line[i] = (byte) unsignedByte(what);
      if (line[i] == '\n') {
        return utf8(Arrays.copyOf(line, i), what);
      }
    }
    throw new PickleException("%s is longer than %s bytes".formatted(what, line.length));
  }

  private static String utf8(byte[] bytes, String what) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new PickleException(what + " is not UTF-8 text");
    }
  }

  /** Refuses a count of bytes that are not there. */
  void require(long count, String what) {
    if (count < 0 || count > remaining()) {
      throw new PickleException(
          "%s takes %s bytes, %s are left; the file is truncated or damaged"
              .formatted(what, Long.toUnsignedString(count), remaining()));
    }
  }

  private ByteBuffer ahead(int count, String what) {
    if (window.remaining() < count) {
      require(count, what);
      windowStart = position();
      window = content.slice(windowStart, (int) Math.min(WINDOW, length - windowStart));
      window.order(ByteOrder.LITTLE_ENDIAN);
    }
    return window;
  }
}
