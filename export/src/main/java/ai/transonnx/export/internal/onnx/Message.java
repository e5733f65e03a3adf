package ai.transonnx.export.internal.onnx;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/**
 * A Protobuf message that is encoded field by field, in the order of the calls.
 *
 * <p>The generated messages would do the same, but cost a short-lived program some 70 ms: loading
 * them reads the whole schema. Their field numbers are constants of the compiler.
 */
final class Message {
  /** The longest message that Protobuf's readers take, in bytes. */
  static final long MAX_BYTES = Integer.MAX_VALUE;

  private static final int BUFFER = 256;

  private final ByteString.Output bytes = ByteString.newOutput(BUFFER);
  private final CodedOutputStream output = CodedOutputStream.newInstance(bytes, BUFFER);

  @FunctionalInterface
  private interface Write {
    void to(CodedOutputStream output) throws IOException;
  }

  private Message add(Write write) {
    try {
      write.to(output);
    } catch (IOException e) {
      throw new AssertionError("memory does not fail", e);
    }
    return this;
  }

  /** A whole number, or the number of an enum's constant. */
  Message number(int field, long value) {
    return add(o -> o.writeInt64(field, value));
  }

  Message numbers(int field, List<Long> values) {
    values.forEach(value -> number(field, value));
    return this;
  }

  Message real(int field, float value) {
    return add(o -> o.writeFloat(field, value));
  }

  /** A text; an empty one is as good as none. */
  Message text(int field, String value) {
    return value.isEmpty() ? this : texts(field, List.of(value));
  }

  /** Texts, empty ones too. */
  Message texts(int field, List<String> values) {
    values.forEach(value -> add(o -> o.writeString(field, value)));
    return this;
  }

  Message bytes(int field, ByteString value) {
    return add(o -> o.writeBytes(field, value));
  }

  Message message(int field, Message value) {
    return bytes(field, value.encode());
  }

  Message messages(int field, List<Message> values) {
    values.forEach(value -> message(field, value));
    return this;
  }

  /** Announces a field whose content, so many bytes, is written by other means. */
  Message announce(int field, long length) {
    return add(
        o -> {
          o.writeTag(field, WireFormat.WIRETYPE_LENGTH_DELIMITED);
          o.writeUInt64NoTag(length);
        });
  }

  /** The fields so far. */
  ByteString encode() {
    add(CodedOutputStream::flush);
    return bytes.toByteString();
  }
}
