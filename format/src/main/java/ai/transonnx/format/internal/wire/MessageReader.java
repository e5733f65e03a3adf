package ai.transonnx.format.internal.wire;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.file.FailedDownload;
import com.google.protobuf.ByteString;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import com.google.protobuf.WireFormat;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Reads an ONNX file field by field. It trusts no length: memory stays bounded whatever the file
 * says, because contents are skipped unless a method below reads them, and all that is read and
 * kept counts toward one limit.
 */
public final class MessageReader {
  /** The limit on the kept parts of a file, in bytes: far more than any real model's names. */
  private static final long MAX_KEPT = 8 << 20;

  /** A parsed message can take many times its size in bytes. */
  private static final long MAX_SMALL_MESSAGE = 64 << 10;

  /** The memory of an object besides its bytes. */
  private static final int OVERHEAD = 32;

  private static final int MAX_DEPTH = 64;

  private final Path path;
  private final CodedInputStream input;
  private long kept;
  private int depth;
  private int tag;
  private int fieldStart;

  /**
   * A reader at the start of a file.
   *
   * @param path the file, for messages
   * @param stream the file's bytes; its {@code skip} must not go beyond the end
   */
  public MessageReader(Path path, InputStream stream) {
    this.path = path;
    this.input = CodedInputStream.newInstance(stream);
  }

  /** Reads one field of a message, with exactly one of the reader's methods. */
  @FunctionalInterface
  public interface Field {
    void read(int number) throws IOException;
  }

  /**
   * Reads the file as a message.
   *
   * @throws InputException if the file cannot be read, is truncated, or is not an ONNX file
   */
  public void file(Field field) {
    try {
      fields(field);
    } catch (InvalidProtocolBufferException e) {
      throw explained(
          new InputException(
              "%s: truncated, or not an ONNX file: byte %s does not continue a message"
                  .formatted(path, input.getTotalBytesRead()),
              e));
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
    } catch (InputException e) {
      throw explained(e);
    }
  }

  private InputException explained(InputException problem) {
    return FailedDownload.describe(path).map(this::error).orElse(problem);
  }

  /** Reads the field as a message. */
  public void message(Field field) throws IOException {
    if (++depth > MAX_DEPTH) {
      throw error("graphs are nested more than " + MAX_DEPTH + " deep");
    }
    int outer = input.pushLimit(length());
    fields(field);
    if (input.getBytesUntilLimit() != 0) {
      throw error("truncated: the file ends at byte " + position() + ", inside a message");
    }
    input.popLimit(outer);
    depth--;
  }

  private void fields(Field field) throws IOException {
    while (true) {
      int start = position();
      tag = input.readTag();
      if (tag == 0) {
        return;
      }
      fieldStart = start;
      field.read(WireFormat.getTagFieldNumber(tag));
    }
  }

  /** The byte of the file at which the current field starts: its tag. */
  public int fieldStart() {
    return fieldStart;
  }

  /** The byte of the file that is read next. */
  public int position() {
    return input.getTotalBytesRead();
  }

  /** The field as a text, which is kept. */
  public String text() throws IOException {
    String text = passingText();
    keep(text.length());
    return text;
  }

  /** The field as a text that the caller does not keep. */
  public String passingText() throws IOException {
    var bytes = readBytes(MAX_KEPT);
    if (!bytes.isValidUtf8()) {
      throw error("not an ONNX file: the text before byte %s is not UTF-8".formatted(position()));
    }
    return bytes.toStringUtf8();
  }

  /** The field as a small message, which is kept. */
  public ByteString smallMessage() throws IOException {
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

  /** The field as a whole number, which is kept. */
  public long number() throws IOException {
    keep(Long.BYTES);
    return passingNumber();
  }

  /** The field as a whole number that the caller drops before it reads the next. */
  public long passingNumber() throws IOException {
    require(WireFormat.WIRETYPE_VARINT);
    return input.readInt64();
  }

  /** The field as whole numbers, which are kept: one of them, or several packed into one field. */
  public void numbers(List<Long> into) throws IOException {
    passingNumbers(
        number -> {
          keep(Long.BYTES);
          into.add(number);
        });
  }

  /** The field as whole numbers that the caller drops: one, or several packed into one field. */
  public void passingNumbers(LongConsumer consumer) throws IOException {
    if (WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_VARINT) {
      consumer.accept(input.readInt64());
      return;
    }
    int outer = input.pushLimit(length());
    while (input.getBytesUntilLimit() > 0) {
      consumer.accept(input.readInt64());
    }
    input.popLimit(outer);
  }

  /** Skips the field. */
  public void skip() throws IOException {
    input.skipField(tag);
  }

  /** Whether the field consists of bytes: a text, a message, or several numbers in one field. */
  public boolean isBytes() {
    return WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
  }

  /** Skips a field of bytes and returns their number. */
  public int skipBytes() throws IOException {
    int length = length();
    input.skipRawBytes(length);
    return length;
  }

  /** An error of this file, for the user. */
  public InputException error(String problem) {
    return new InputException(path + ": " + problem);
  }

  private int length() throws IOException {
    require(WireFormat.WIRETYPE_LENGTH_DELIMITED);
    return input.readRawVarint32();
  }

  private void require(int wireType) {
    if (WireFormat.getTagWireType(tag) != wireType) {
      throw error(
          "not an ONNX file: the field before byte %s has another type than in ONNX"
              .formatted(position()));
    }
  }

  /** Counts something that is kept. */
  public void keep(long bytes) {
    kept += bytes + OVERHEAD;
    if (kept > MAX_KEPT) {
      throw tooMuch();
    }
  }

  private InputException tooMuch() {
    return error("its names and texts are far longer than those of a model");
  }
}
