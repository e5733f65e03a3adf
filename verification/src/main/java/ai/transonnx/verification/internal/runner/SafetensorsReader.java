package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import ai.transonnx.runtime.Tensor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Reads the tensors of a safetensors file that another process wrote, and may still change: each
 * byte is read once, and everything is checked before memory is allocated.
 *
 * <p>The file is not mapped, because a mapping fails when the file shrinks, and keeps a deleted
 * file's space until the next garbage collection.
 */
final class SafetensorsReader {
  private static final int MAX_HEADER = 16 << 20;
  private static final int MAX_RANK = 64;
  private static final ObjectMapper JSON =
      JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  private final FileChannel file;
  private final JsonNode header;
  private final long start;
  private final long end;

  private SafetensorsReader(FileChannel file, JsonNode header, long start, long end) {
    this.file = file;
    this.header = header;
    this.start = start;
    this.end = end;
  }

  /** A file that is not as agreed. The message is a clause, such as {@code it has no header}. */
  static final class FormatException extends Exception {
    private static final long serialVersionUID = 1;

    private final String problem;

    FormatException(String problem) {
      super(problem);
      this.problem = problem;
    }

    String problem() {
      return problem;
    }
  }

  /**
   * Reads some tensors.
   *
   * @param names the tensors, each of which must be in the file; others are ignored
   * @param maxBytes the maximum size of the file
   */
  static Map<String, Tensor> read(Path path, Set<String> names, long maxBytes)
      throws FormatException {
    try (var file = PlainFile.channel(path)) {
      long size = file.size();
      if (size > maxBytes) {
        throw new FormatException("%s bytes exceed the limit of %s".formatted(size, maxBytes));
      }
      var length = bytes(file, 0, Long.BYTES, size).getLong();
      if (length < 2 || length > MAX_HEADER) {
        throw new FormatException("a header of %s bytes is not possible".formatted(length));
      }
      var text = new byte[(int) length];
      bytes(file, Long.BYTES, (int) length, size).get(text);
      var reader = new SafetensorsReader(file, JSON.readTree(text), Long.BYTES + length, size);
      return reader.tensors(names);
    } catch (JsonProcessingException e) {
      throw new FormatException("the header is not JSON: " + Printable.of(e.getOriginalMessage()));
    } catch (IOException e) {
      throw new FormatException(FileErrors.unreadable(e));
    }
  }

  private Map<String, Tensor> tensors(Set<String> names) throws FormatException, IOException {
    if (!header.isObject()) {
      throw new FormatException("the header is not a JSON object");
    }
    var tensors = new LinkedHashMap<String, Tensor>();
    for (var name : names) {
      var described = header.get(name);
      if (described == null) {
        throw new FormatException("there is no tensor " + Printable.quoted(name));
      }
      tensors.put(name, tensor("tensor " + Printable.quoted(name), described));
    }
    return tensors;
  }

  private Tensor tensor(String name, JsonNode described) throws FormatException, IOException {
    var type = type(name, described.path("dtype"));
    var shape = numbers(name, described.path("shape"), "shape");
    var offsets = numbers(name, described.path("data_offsets"), "data_offsets");
    if (shape.length > MAX_RANK || offsets.length != 2 || offsets[0] > offsets[1]) {
      throw new FormatException(
          "%s has shape %s and data_offsets %s"
              .formatted(name, Arrays.toString(shape), Arrays.toString(offsets)));
    }
    long bytes = offsets[1] - offsets[0];
    if (bytes != size(type, shape)) {
      throw new FormatException(
          "%s has %s bytes, which do not fit %s%s"
              .formatted(name, bytes, type, Arrays.toString(shape)));
    }
    if (bytes > Integer.MAX_VALUE) {
      throw new FormatException(name + " is larger than 2 GiB");
    }
    if (offsets[1] > end - start) {
      throw new FormatException(name + " exceeds the file");
    }
    return Tensor.of(type, bytes(file, start + offsets[0], (int) bytes, end), shape);
  }

  private static ElementType type(String name, JsonNode dtype) throws FormatException {
    Optional<ElementType> type =
        Stream.of(ElementType.values())
            .filter(known -> !known.isPacked())
            .filter(known -> SafetensorsWriter.dtype(known).equals(dtype.textValue()))
            .findFirst();
    return type.orElseThrow(
        () ->
            new FormatException(
                "%s has the unsupported dtype %s"
                    .formatted(name, Printable.quoted(dtype.asText()))));
  }

  private static long[] numbers(String name, JsonNode array, String field) throws FormatException {
    var numbers = new long[array.size()];
    boolean isValid = array.isArray();
    for (int i = 0; i < numbers.length && isValid; i++) {
      var number = array.path(i);
      isValid = number.isIntegralNumber() && number.canConvertToLong() && number.longValue() >= 0;
      numbers[i] = number.longValue();
    }
    if (!isValid) {
      throw new FormatException(
          "%s has the %s %s".formatted(name, field, Printable.of(array.toString())));
    }
    return numbers;
  }

  /** The bytes of a tensor; -1 if they are more than any file has. */
  private static long size(ElementType type, long... shape) {
    if (Arrays.stream(shape).anyMatch(size -> size == 0)) {
      return 0;
    }
    try {
      return Arrays.stream(shape).reduce(type.bytes(), Math::multiplyExact);
    } catch (ArithmeticException e) {
      return -1;
    }
  }

  private static ByteBuffer bytes(FileChannel file, long position, int length, long size)
      throws FormatException, IOException {
    if (length > size - position) {
      throw new FormatException("the file is truncated");
    }
    var bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining()) {
      if (file.read(bytes, position + bytes.position()) < 0) {
        throw new FormatException("the file became shorter while it was read");
      }
    }
    return bytes.flip();
  }
}
