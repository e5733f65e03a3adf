package ai.transonnx.export.internal.numpy;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Shape;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The header of an {@code .npy} file: a magic string, a version, a length, and a Python dictionary
 * with the keys {@code descr}, {@code fortran_order} and {@code shape}.
 *
 * @param isColumnMajor whether the first index runs fastest
 * @param bytes the length of the header
 */
record NpyHeader(NumpyType type, boolean isColumnMajor, Shape shape, int bytes) {
  /** A header is not valid. The caller adds the file's name to the message. */
  static final class HeaderException extends Exception {
    HeaderException(String message) {
      super(message);
    }
  }

  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};

  /** The longest header that NumPy itself reads by default. */
  private static final int MAX_TEXT = 10_000;

  private static final int MAX_RANK = 64;
  private static final String QUOTED =
      "'(?:descr|fortran_order|shape)'|\"(?:descr|fortran_order|shape)\"";
  private static final Pattern ITEM =
      Pattern.compile(
          "\\s*+("
              + QUOTED
              + ")\\s*+:\\s*+('[^']*+'|True|False|\\([0-9L,\\s]*+\\))\\s*+(,|(?=\\}))");
  private static final Pattern NUMBER = Pattern.compile("\\s*+([0-9]{1,18})L?\\s*+");

  /**
   * Reads a header, and nothing after it.
   *
   * @throws HeaderException if it is not valid, or its element type is not supported
   */
  static NpyHeader read(InputStream stream) throws IOException, HeaderException {
    var start = bytes(stream, MAGIC.length + 2);
    if (!Arrays.equals(start, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
      throw new HeaderException("it does not begin with the magic string of an .npy file");
    }
    int version = start[MAGIC.length];
    if (version < 1 || version > 3) {
      throw new HeaderException(
          "its version is %s; versions 1 to 3 are supported".formatted(version));
    }
    int lengthBytes = version == 1 ? Short.BYTES : Integer.BYTES;
    var length = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    length.put(bytes(stream, lengthBytes));
    int text = length.getInt(0);
    if (text < 0 || text > MAX_TEXT) {
      throw new HeaderException(
          "its header has %s bytes; at most %s are allowed"
              .formatted(Integer.toUnsignedString(text), MAX_TEXT));
    }
    var header = new String(bytes(stream, text), StandardCharsets.UTF_8);
    return parse(header, start.length + lengthBytes + text);
  }

  private static byte[] bytes(InputStream stream, int count) throws IOException {
    var bytes = stream.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException("it ends within its header");
    }
    return bytes;
  }

  private static NpyHeader parse(String text, int bytes) throws HeaderException {
    String dictionary = text.strip();
    if (!dictionary.startsWith("{") || !dictionary.endsWith("}")) {
      throw new HeaderException("its header is not a dictionary");
    }
    String descr = "";
    String order = "";
    String shape = "";
    int position = 1;
    var item = ITEM.matcher(dictionary);
    while (item.region(position, dictionary.length()).lookingAt()) {
      String value = item.group(2);
      switch (unquoted(item.group(1))) {
        case "descr" -> descr = once(descr, value);
        case "fortran_order" -> order = once(order, value);
        default -> shape = once(shape, value);
      }
      position = item.end();
    }
    boolean isWhole = dictionary.substring(position).strip().equals("}");
    if (!isWhole
        || !descr.startsWith("'")
        || !(order.equals("True") || order.equals("False"))
        || !shape.startsWith("(")) {
      throw new HeaderException(
          "its header must have the keys descr, fortran_order and shape, with simple values, got "
              + Printable.of(dictionary));
    }
    String description = unquoted(descr);
    var type =
        NumpyType.of(description)
            .orElseThrow(
                () ->
                    new HeaderException(
                        "its element type '%s' is not supported; supported types are %s"
                            .formatted(Printable.of(description), NumpyType.NAMES)));
    return new NpyHeader(type, order.equals("True"), shape(shape), bytes);
  }

  private static String once(String before, String value) throws HeaderException {
    if (!before.isEmpty()) {
      throw new HeaderException("its header has a duplicate key");
    }
    return value;
  }

  private static String unquoted(String text) {
    return text.substring(1, text.length() - 1);
  }

  /** A Python tuple: {@code ()}, {@code (3,)} or {@code (3, 4)}; Python 2 wrote {@code (3L,)}. */
  private static Shape shape(String tuple) throws HeaderException {
    String inner = unquoted(tuple).strip();
    if (inner.isEmpty()) {
      return Shape.SCALAR;
    }
    if (inner.endsWith(",")) {
      inner = inner.substring(0, inner.length() - 1);
    }
    var sizes = new ArrayList<Long>();
    for (String part : inner.split(",", -1)) {
      Matcher number = NUMBER.matcher(part);
      if (!number.matches() || sizes.size() == MAX_RANK) {
        throw new HeaderException(
            "its shape must have at most %s non-negative integers, got %s"
                .formatted(MAX_RANK, Printable.of(tuple)));
      }
      sizes.add(Long.parseLong(number.group(1)));
    }
    return Shape.of(sizes.stream().mapToLong(Long::longValue).toArray());
  }
}
