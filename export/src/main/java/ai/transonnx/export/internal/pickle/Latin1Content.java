package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bytes;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes that a pickle of protocol 2 carries as a text, a character each, which is how Python 3
 * writes them: the text is UTF-8, so a byte takes one byte of the file or two. It is decoded anew
 * with each slice, from the last of the places whose positions are known.
 */
final class Latin1Content implements Content {
  private static final int STEP = 1 << 12;

  private final Content text;
  private final long textLength;
  private final long length;
  private long[] positions = new long[16];

  /**
   * Goes through the text once.
   *
   * @throws PickleException if it has a character that is not of Latin-1
   */
  static Bytes of(Content text, long textLength) {
    var content = new Latin1Content(text, textLength);
    return new Bytes(content, content.length);
  }

  private Latin1Content(Content text, long textLength) {
    this.text = text;
    this.textLength = textLength;
    long count = 0;
    long position = 0;
    while (position < textLength) {
      var piece = text.slice(position, (int) Math.min(MAX_SLICE, textLength - position));
      int characters = 0;
      while (piece.hasRemaining()) {
        if (count % STEP == 0) {
          know((int) (count / STEP), position + piece.position());
        }
        byte first = piece.get();
        if (first < 0) {
          if (!piece.hasRemaining() && characters > 0) {
            piece.position(piece.position() - 1);
            break;
          }
          decode(first, piece);
        }
        characters++;
        count++;
      }
      position += piece.position();
    }
    this.length = count;
  }

  private void know(int index, long position) {
    if (index == positions.length) {
      positions = Arrays.copyOf(positions, 2 * index);
    }
    positions[index] = position;
  }

  /** The character whose first byte, not of ASCII, was read already. */
  private static byte decode(byte first, ByteBuffer rest) {
    boolean isLatin1 = first == (byte) 0xc2 || first == (byte) 0xc3;
    if (!isLatin1 || !rest.hasRemaining()) {
      throw new PickleException("bytes that are written as a text have a character beyond Latin-1");
    }
    byte second = rest.get();
    if ((second & 0xc0) != 0x80) {
      throw new PickleException("bytes that are written as a text are not UTF-8");
    }
    return (byte) ((first << 6) | (second & 0x3f));
  }

  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkIndex(count, MAX_SLICE + 1);
    var decoded = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    if (count == 0) {
      return decoded;
    }
    long position = positions[(int) (offset / STEP)];
    long skipped = offset % STEP;
    while (decoded.hasRemaining()) {
      var piece = text.slice(position, (int) Math.min(STEP, textLength - position));
      while (decoded.hasRemaining() && piece.hasRemaining()) {
        byte value = piece.get();
        if (value < 0) {
          if (!piece.hasRemaining()) {
            piece.position(piece.position() - 1);
            break;
          }
          value = decode(value, piece);
        }
        if (skipped > 0) {
          skipped--;
        } else {
          decoded.put(value);
        }
      }
      position += piece.position();
    }
    return decoded.flip();
  }
}
