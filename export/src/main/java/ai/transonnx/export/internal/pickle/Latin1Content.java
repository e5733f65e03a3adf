package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bytes;
import ai.transonnx.export.weights.Content;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * Bytes that a pickle of protocol 2 stores as a string with one character for each byte, as Python
 * 3 writes them. The string is UTF-8, so each byte takes one or two bytes of the file. Each slice
 * is decoded when it is read, from the start of the block that contains its first byte.
 */
final class Latin1Content implements Content {
  /** Decoded bytes in a block. */
  private static final int BLOCK = 1 << 9;

  private final Content text;
  private final long textLength;
  private final long length;
  private long[] blockPositions = new long[16];

  /**
   * Reads the string once, to find its length and the positions of its blocks.
   *
   * @throws PickleException if it has a character outside Latin-1
   */
  static Bytes of(Content text, long textLength) {
    var content = new Latin1Content(text, textLength);
    return new Bytes(content, content.length);
  }

  /**
   * The bytes of a short string.
   *
   * @throws PickleException if it has a character outside Latin-1
   */
  static Bytes of(String text) {
    if (text.chars().anyMatch(character -> character > 0xff)) {
      throw outsideLatin1();
    }
    return new Bytes(
        (offset, length) ->
            ByteBuffer.wrap(
                    text.substring((int) offset, (int) offset + length)
                        .getBytes(StandardCharsets.ISO_8859_1))
                .order(ByteOrder.LITTLE_ENDIAN),
        text.length());
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
        if (count % BLOCK == 0) {
          addBlock((int) (count / BLOCK), position + piece.position());
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

  private void addBlock(int index, long position) {
    if (index == blockPositions.length) {
      blockPositions = Arrays.copyOf(blockPositions, 2 * index);
    }
    blockPositions[index] = position;
  }

  /** Decodes a character of two bytes, of which the first was read already. */
  private static byte decode(byte first, ByteBuffer rest) {
    boolean isLatin1 = first == (byte) 0xc2 || first == (byte) 0xc3;
    if (!isLatin1 || !rest.hasRemaining()) {
      throw outsideLatin1();
    }
    byte second = rest.get();
    if ((second & 0xc0) != 0x80) {
      throw new PickleException("bytes stored as a string are not UTF-8");
    }
    return (byte) ((first << 6) | (second & 0x3f));
  }

  private static PickleException outsideLatin1() {
    return new PickleException("bytes stored as a string have a character outside Latin-1");
  }

  @Override
  public ByteBuffer slice(long offset, int count) {
    Objects.checkFromIndexSize(offset, count, length);
    Objects.checkIndex(count, MAX_SLICE + 1);
    var decoded = ByteBuffer.allocate(count).order(ByteOrder.LITTLE_ENDIAN);
    if (count == 0) {
      return decoded;
    }
    long position = blockPositions[(int) (offset / BLOCK)];
    long skipped = offset % BLOCK;
    while (decoded.hasRemaining()) {
      var piece = text.slice(position, (int) Math.min(BLOCK, textLength - position));
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
