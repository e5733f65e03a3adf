package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * The bytes of a pickle, read in order. Every length is checked against the remaining bytes before
 * it is used. Long byte strings are not read: they stay in the file as {@link Content}.
 */
public final class PickleInput {
  private static final int WINDOW = 1 << 16;

  private final Content content;
  private final long length;
  private long windowStart;
  private ByteBuffer window = ByteBuffer.allocate(0);

  /** A pickle that starts at the content's first byte. */
  public PickleInput(Content content, long length) {
    this.content = content;
    this.length = length;
  }

  /** The number of bytes read so far. */
  public long position() {
    return windowStart + window.position();
  }

  /** Continues at another position. */
  public void seek(long position) {
    windowStart = Objects.checkIndex(position, length + 1);
    window = ByteBuffer.allocate(0);
  }

  /** The number of remaining bytes. */
  public long remaining() {
    return length - position();
  }

  int unsignedByte(String field) {
    return Byte.toUnsignedInt(window(1, field).get());
  }

  int unsignedShort(String field) {
    return Short.toUnsignedInt(window(Short.BYTES, field).getShort());
  }

  int signedInt(String field) {
    return window(Integer.BYTES, field).getInt();
  }

  long unsignedInt(String field) {
    return Integer.toUnsignedLong(signedInt(field));
  }

  /** A 64-bit number, signed or not; a length above 2^63 - 1 reads as negative. */
  long signedLong(String field) {
    return window(Long.BYTES, field).getLong();
  }

  double real(String field) {
    return Double.longBitsToDouble(Long.reverseBytes(signedLong(field)));
  }

  /** At most {@link #WINDOW} bytes. */
  byte[] bytes(int count, String field) {
    var bytes = new byte[Objects.checkIndex(count, WINDOW + 1)];
    window(count, field).get(bytes);
    return bytes;
  }

  /** Skips bytes, and returns them as content of the file. */
  Content region(long count, String field) {
    requireRemaining(count, field);
    long start = position();
    if (count <= window.remaining()) {
      window.position(window.position() + (int) count);
    } else {
      seek(start + count);
    }
    return content.part(start, count);
  }

  String text(int count, String field) {
    return utf8(bytes(count, field), field);
  }

  /** A string that ends with a line feed, without the line feed. */
  String line(String field) {
    var line = new byte[PickleValue.MAX_SHORT_TEXT];
    for (int i = 0; i < line.length; i++) {
      line[i] = (byte) unsignedByte(field);
      if (line[i] == '\n') {
        return utf8(Arrays.copyOf(line, i), field);
      }
    }
    throw new PickleException("%s is longer than %s bytes".formatted(field, line.length));
  }

  /**
   * Replaces lone surrogates by U+FFFD. Python has them in file names that are not UTF-8, and
   * pickles each as three bytes that UTF-8 does not allow.
   */
  private static byte[] withoutSurrogates(byte[] bytes) {
    for (int i = 0; i + 2 < bytes.length; i++) {
      boolean isSurrogate =
          bytes[i] == (byte) 0xed && (bytes[i + 1] & 0xe0) == 0xa0 && (bytes[i + 2] & 0xc0) == 0x80;
      if (isSurrogate) {
        bytes[i] = (byte) 0xef;
        bytes[i + 1] = (byte) 0xbf;
        bytes[i + 2] = (byte) 0xbd;
      }
    }
    return bytes;
  }

  private static String utf8(byte[] bytes, String field) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(withoutSurrogates(bytes)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new PickleException(field + " is not UTF-8");
    }
  }

  /** Fails if fewer than {@code count} bytes remain. */
  void requireRemaining(long count, String field) {
    if (count < 0 || count > remaining()) {
      throw new PickleException(
          "%s takes %s bytes, %s are left; the file is truncated or damaged"
              .formatted(field, Long.toUnsignedString(count), remaining()));
    }
  }

  private ByteBuffer window(int count, String field) {
    if (window.remaining() < count) {
      requireRemaining(count, field);
      windowStart = position();
      window = content.slice(windowStart, (int) Math.min(WINDOW, length - windowStart));
      window.order(ByteOrder.LITTLE_ENDIAN);
    }
    return window;
  }
}
