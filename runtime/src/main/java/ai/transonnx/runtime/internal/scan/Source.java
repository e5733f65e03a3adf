package ai.transonnx.runtime.internal.scan;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.wire.MessageReader;
import java.io.IOException;
import java.nio.file.Path;

/** The file that is scanned. It counts what the file has, and checks names. */
final class Source {
  private final Path file;
  private final MessageReader in;
  private final Count parts;
  private final Count ports;
  private final Count initializers;
  private long proseBytes;
  private long denseBytes;

  Source(Path file, MessageReader in) {
    this.file = file;
    this.in = in;
    this.parts = new Count(this, Limits.PARTS, "names and messages");
    this.ports = new Count(this, Limits.PORTS, "inputs and outputs of graphs");
    this.initializers = new Count(this, Limits.INITIALIZERS, "initializers");
  }

  Path file() {
    return file;
  }

  MessageReader in() {
    return in;
  }

  /**
   * Reads the field as a message, and returns its size in bytes.
   *
   * @param singles the fields that may occur once: Protobuf would merge or replace repeated ones,
   *     so ONNX Runtime would see other values than the checks
   */
  int message(MessageReader.Field field, int... singles) throws IOException {
    parts.add();
    int start = in.fieldStart();
    in.message(once(field, singles));
    return in.position() - start;
  }

  /** A reader of a message's fields that refuses those of {@code singles} that occur again. */
  MessageReader.Field once(MessageReader.Field field, int... singles) {
    long single = bits(singles);
    var left = new long[] {single};
    return number -> {
      long bit = bits(number) & single;
      if ((bit & ~left[0]) != 0) {
        throw error("not a valid ONNX file: a message has its field %s twice".formatted(number));
      }
      left[0] &= ~bit;
      field.read(number);
    };
  }

  /** A bit for each number of ONNX, all of which are less than 64; none for unknown fields. */
  private static long bits(int... numbers) {
    long bits = 0;
    for (int number : numbers) {
      bits |= number < Long.SIZE ? 1L << number : 0;
    }
    return bits;
  }

  /** The field as a name. */
  String name() throws IOException {
    parts.add();
    return checked(in.passingText());
  }

  /** The field as a name, which is kept. */
  String keptName() throws IOException {
    parts.add();
    return checked(in.text());
  }

  private String checked(String name) {
    if (name.length() > Limits.NAME_LENGTH) {
      throw error(
          "the name %s has %s characters; names have at most %s"
              .formatted(Printable.quoted(name), name.length(), Limits.NAME_LENGTH));
    }
    return withoutNul(name);
  }

  /** The field as a text of the model, of any length; it is kept. */
  String keptText() throws IOException {
    parts.add();
    return withoutNul(in.text());
  }

  /** ONNX Runtime's Java API cuts texts at a NUL. */
  private String withoutNul(String text) {
    if (text.indexOf('\0') >= 0) {
      throw error("the text " + Printable.quoted(text) + " contains a NUL character");
    }
    return text;
  }

  /** Skips a field of text, bytes or metadata that is not used. */
  void prose() throws IOException {
    parts.add();
    int start = in.position();
    in.skip();
    proseBytes += in.position() - start;
    atMost(proseBytes, Limits.PROSE_BYTES, "bytes of documentation and of metadata of nodes");
  }

  /** Skips a field that is neither text nor a message. */
  void skip() throws IOException {
    parts.add();
    in.skip();
  }

  /** Counts an input or output of a graph. */
  void port() {
    ports.add();
  }

  /** Counts an initializer. */
  void initializer() {
    initializers.add();
  }

  /** Counts the bytes of the dense form of a sparse tensor. */
  void dense(long bytes) {
    denseBytes += bytes;
    atMost(denseBytes, Limits.DENSE_BYTES, "bytes of sparse tensors in their dense form");
  }

  /** Checks a count. */
  void atMost(long count, long most, String what) {
    if (count > most) {
      throw error("it has more than %s %s, the most that can be loaded".formatted(most, what));
    }
  }

  InputException error(String problem) {
    return in.error(problem);
  }
}
