package ai.transonnx.format.internal.wire;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A copy of an ONNX file in memory with some of its fields replaced, such as the weights by
 * references to them. Fields that are replaced are not read, unless their replacement does.
 */
public final class MessageCopy {
  private final FileChannel channel;
  private final long limit;
  private final MessageReader in;

  /** Replaces fields of a message. */
  @FunctionalInterface
  public interface Replacement {
    /**
     * Reads or skips the field with one of the reader's methods, or with {@link #message}.
     *
     * @return the fields to write instead, or null to copy it
     */
    @Nullable MessageWriter of(int number) throws IOException;
  }

  /**
   * A copy of the bytes of {@code channel}.
   *
   * @param path the file, for messages
   * @param limit the most bytes that may remain
   */
  public MessageCopy(Path path, FileChannel channel, long limit) throws IOException {
    this.channel = channel;
    this.limit = limit;
    this.in = new MessageReader(path, new ChannelStream(channel));
  }

  /** Reads the file. */
  public MessageReader in() {
    return in;
  }

  /**
   * Copies the file's message.
   *
   * @throws ai.transonnx.InputException if the file cannot be read, is not an ONNX file, or has
   *     more than the limit after the replacements
   */
  public byte[] file(Replacement replacement) {
    var fields = new Fields(replacement);
    in.file(fields);
    try {
      return fields.end().encode().toByteArray();
    } catch (IOException e) {
      throw in.error("cannot be read: " + e.getMessage());
    }
  }

  /** A copy of the field that is being read, which is a message. */
  public MessageWriter message(int number, Replacement replacement) throws IOException {
    var fields = new Fields(replacement);
    in.message(fields);
    return new MessageWriter().message(number, fields.end());
  }

  /** The fields of the message that is being read, with some of them replaced. */
  private final class Fields implements MessageReader.Field {
    private static final int NONE = -1;

    private final Replacement replacement;
    private final MessageWriter out = new MessageWriter();
    private int copied = NONE; // up to this byte of the file

    Fields(Replacement replacement) {
      this.replacement = replacement;
    }

    @Override
    public void read(int number) throws IOException {
      int start = in.fieldStart();
      if (copied == NONE) {
        copied = start;
      }
      var replaced = replacement.of(number);
      if (replaced != null) {
        copyTo(start);
        out.encoded(replaced.encode().toByteArray());
        copied = in.position();
      }
    }

    MessageWriter end() throws IOException {
      if (copied != NONE) {
        copyTo(in.position());
        copied = in.position();
      }
      return out;
    }

    private void copyTo(int end) throws IOException {
      if (out.size() + (long) end - copied > limit) {
        throw in.error(
            "has more than %s MiB without the weights that can stay in the file"
                .formatted(limit >> 20));
      }
      out.encoded(bytes(copied, end - copied));
    }
  }

  private byte[] bytes(int from, int count) throws IOException {
    var bytes = ByteBuffer.allocate(count);
    while (bytes.hasRemaining()) {
      if (channel.read(bytes, from + bytes.position()) < 0) {
        throw new EOFException("the file has become shorter");
      }
    }
    return bytes.array();
  }
}
