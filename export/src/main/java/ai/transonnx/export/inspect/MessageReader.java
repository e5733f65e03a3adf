package ai.transonnx.export.inspect;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.weights.ContentStream;
import ai.transonnx.export.internal.weights.MappedFile;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.util.List;

/**
 * Walks a Protobuf message field by field and keeps no more of it than it is asked for, and of that
 * no more than a fixed number of bytes in all.
 */
final class MessageReader {
  /** All that may be kept of a file, in bytes: far more than any real model's names. */
  private static final long MAX_KEPT = 8 << 20;

  /** As objects, a message can take many times its bytes. */
  private static final long MAX_SMALL_MESSAGE = 64 << 10;

  /** What keeping anything costs beside its bytes. */
  private static final int OVERHEAD = 32;

  private static final int MAX_DEPTH = 64;

  private final MappedFile file;
  private final CodedInputStream input;
  private long kept;
  private int depth;
  private int tag;

  MessageReader(MappedFile file) {
    this.file = file;
    this.input = CodedInputStream.newInstance(new ContentStream(file, file.size()));
  }

  /** Reads one field of a message: with one of the methods below, which leave it behind. */
  @FunctionalInterface
  interface Field {
    void read(int number) throws IOException;
  }

  /** Reads the file as a message. */
  void file(Field field) {
    try {
      fields(field);
    } catch (InvalidProtocolBufferException e) {
      throw new InputException(
          "%s: truncated, or not an ONNX file: no message goes on like this at byte %s"
              .formatted(file.path(), input.getTotalBytesRead()),
          e);
    } catch (IOException e) {
      throw new InputException(file.path() + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** The field as a message. */
  void message(Field field) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw error("graphs in graphs, more than " + MAX_DEPTH + " deep");
    }
    int outer = input.pushLimit(length());
    fields(field);
    if (input.getBytesUntilLimit() != 0) {
      throw error("truncated: it ends at byte " + input.getTotalBytesRead() + ", in a message");
    }
    input.popLimit(outer);
    depth--;
  }

  private void fields(Field field) throws IOException {
    while ((tag = input.readTag()) != 0) {
      field.read(WireFormat.getTagFieldNumber(tag));
    }
  }

  /** The field as a text, which is kept. */
  String text() throws IOException {
    String text = passingText();
    keep(text.length());
    return text;
  }

  /** The field as a text that is forgotten before the next. */
  String passingText() throws IOException {
    var bytes = readBytes(MAX_KEPT);
    if (!bytes.isValidUtf8()) {
      throw error(
          "not an ONNX file: a text before byte %s is not UTF-8"
              .formatted(input.getTotalBytesRead()));
    }
    return bytes.toStringUtf8();
  }

  /** The field as a small message, which is kept. */
  ByteString smallMessage() throws IOException {
    var bytes = readBytes(MAX_SMALL_MESSAGE);
    keep(bytes.size());
    return bytes;
  }

  private ByteString readBytes(long most) throws IOException {
    int length = length();
    if (length > most) {
      throw tooMuch();
    }
    return UnsafeByteOperations.unsafeWrap(input.readRawBytes(length));
  }

  /** The field as a whole number. */
  long number() throws IOException {
    require(WireFormat.WIRETYPE_VARINT);
    keep(Long.BYTES);
    return input.readInt64();
  }

  /** The field as whole numbers: one of them, or several packed into one field. */
  void numbers(List<Long> into) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
      into.add(number());
      return;
    }
    int outer = input.pushLimit(length());
    while (input.getBytesUntilLimit() > 0) {
      keep(Long.BYTES);
      into.add(input.readInt64());
    }
    input.popLimit(outer);
  }

  /** Skips the field. */
  void skip() throws IOException {
    input.skipField(tag);
  }

  /** Skips a field of bytes, and says how many they were. */
  long skipBytes() throws IOException {
    int length = length();
    input.skipRawBytes(length);
    return length;
  }

  InputException error(String problem) {
    return new InputException(file.path() + ": " + problem);
  }

  private int length() throws IOException {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return input.readRawVarint32();
  }

  private void require(int wireType) {
    if (WireFormat.getTagWireType(tag) != wireType) {
      throw error(
          "not an ONNX file: the field before byte %s is of another kind than ONNX's"
              .formatted(input.getTotalBytesRead()));
    }
  }

  /** Counts something that is kept. */
  void keep(long bytes) {
    kept += bytes + OVERHEAD;
    if (kept > MAX_KEPT) {
      throw tooMuch();
    }
  }

  private InputException tooMuch() {
    return error("its names and texts are far longer than those of a model; it cannot be shown");
  }
}
