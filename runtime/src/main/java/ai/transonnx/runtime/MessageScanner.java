package ai.transonnx.runtime;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Goes through the fields of Protobuf messages in a file, and reads no more than it is asked. */
final class MessageScanner {
  /**
   * A field of a message.
   *
   * @param wire how it is encoded
   * @param end the byte behind its content, which the scanner stands before
   */
  record Field(int number, int wire, long end) {
    /** The encoding of a content whose length precedes it: messages, bytes and texts. */
    private static final int DELIMITED = 2;

    /** Whether it is the message, or the bytes, of this number. */
    boolean isDelimited(int wanted) {
      return number == wanted && wire == DELIMITED;
    }
  }

  private static final int VARINT = 0;
  private static final int EIGHT_BYTES = 1;
  private static final int FOUR_BYTES = 5;
  private static final int PAGE = 1 << 13;

  private final FileChannel channel;
  private final long size;
  private final ByteBuffer page = ByteBuffer.allocate(PAGE).limit(0);
  private long pageStart;

  MessageScanner(FileChannel channel) throws IOException {
    this.channel = channel;
    this.size = channel.size();
  }

  /** Bytes of the file. */
  long size() {
    return size;
  }

  long position() {
    return pageStart + page.position();
  }

  /** Goes to a byte of the file. */
  void moveTo(long position) {
    long inPage = position - pageStart;
    if (inPage >= 0 && inPage <= page.limit()) {
      page.position((int) inPage);
    } else {
      pageStart = position;
      page.limit(0);
    }
  }

  /**
   * The field that begins here; the scanner goes to its content.
   *
   * @param end of the message
   * @throws IOException if there is none, or it goes beyond that
   */
  Field field(long end) throws IOException {
    long tag = varint();
    int wire = (int) (tag & 7);
    long start = position();
    long length =
        switch (wire) {
          case VARINT -> {
            varint();
            long bytes = position() - start;
            moveTo(start);
            yield bytes;
          }
          case EIGHT_BYTES -> Long.BYTES;
          case Field.DELIMITED -> varint();
          case FOUR_BYTES -> Integer.BYTES;
          default -> throw new IOException("no such encoding: " + wire);
        };
    if (tag >>> 3 > Integer.MAX_VALUE || length < 0 || length > end - position()) {
      throw new IOException("a field goes beyond its message");
    }
    return new Field((int) (tag >>> 3), wire, position() + length);
  }

  /** Some of the file's bytes; the scanner stays where it is. */
  byte[] bytes(long from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new IOException("the file ends");
      }
    }
    return bytes.array();
  }

  private long varint() throws IOException {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (!page.hasRemaining()) {
        fill();
      }
      byte next = page.get();
      value |= (long) (next & 0x7f) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw new IOException("a number of more than ten bytes");
  }

  private void fill() throws IOException {
    pageStart = position();
    page.clear();
    int read = channel.read(page, pageStart);
    page.flip();
    if (read <= 0) {
      throw new IOException("the file ends");
    }
  }
}
