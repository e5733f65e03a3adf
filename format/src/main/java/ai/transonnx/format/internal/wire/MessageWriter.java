package ai.transonnx.format.internal.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/**
 * A Protobuf message, encoded field by field in the order of the calls.
 *
 * <p>The generated messages would do the same, but loading them reads the whole schema, which costs
 * a short-lived program some 70 ms. Their field numbers are compile-time constants and cost
 * nothing.
 */
public final class MessageWriter {
  /** The longest message that Protobuf's readers accept, in bytes. */
  public static final long MAX_BYTES = Integer.MAX_VALUE;

  private static final int BUFFER = 256;

  private final ByteString.Output bytes = ByteString.newOutput(BUFFER);
  private final CodedOutputStream output = CodedOutputStream.newInstance(bytes, BUFFER);

  @FunctionalInterface
  private interface Write {
    void to(CodedOutputStream output) throws IOException;
  }

  private MessageWriter add(Write write) {
    try {
      write.to(output);
    } catch (IOException e) {
      throw new AssertionError("writing to memory failed", e);
    }
    return this;
  }

  /** A whole number, or the number of an enum's constant. */
  public MessageWriter number(int field, long value) {
    return add(o -> o.writeInt64(field, value));
  }

  /** Whole numbers, one field each. */
  public MessageWriter numbers(int field, List<Long> values) {
    values.forEach(value -> number(field, value));
    return this;
  }

  /** A float. */
  public MessageWriter real(int field, float value) {
    return add(o -> o.writeFloat(field, value));
  }

  /** A text; an empty one, which is the default, is not written. */
  public MessageWriter text(int field, String value) {
    return value.isEmpty() ? this : texts(field, List.of(value));
  }

  /** Texts, including empty ones. */
  public MessageWriter texts(int field, List<String> values) {
    values.forEach(value -> add(o -> o.writeString(field, value)));
    return this;
  }

  /** Bytes. */
  public MessageWriter bytes(int field, ByteString value) {
    return add(o -> o.writeBytes(field, value));
  }

  /** Bytes. */
  public MessageWriter bytes(int field, byte[] value) {
    return add(o -> o.writeByteArray(field, value));
  }

  /** A message. */
  public MessageWriter message(int field, MessageWriter value) {
    return bytes(field, value.encode());
  }

  /** Messages, one field each. */
  public MessageWriter messages(int field, List<MessageWriter> values) {
    values.forEach(value -> message(field, value));
    return this;
  }

  /** The start of a field whose content, {@code length} bytes, is written by other means. */
  public MessageWriter announce(int field, long length) {
    return add(
        o -> {
          o.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          o.writeUInt64NoTag(length);
        });
  }

  /** Fields that are already encoded. */
  public MessageWriter encoded(byte[] fields) {
    return add(o -> o.writeRawBytes(fields));
  }

  /** The number of bytes so far. */
  public int size() {
    return output.getTotalBytesWritten();
  }

  /** The fields so far. */
  public ByteString encode() {
    add(CodedOutputStream::flush);
    return bytes.toByteString();
  }
}
