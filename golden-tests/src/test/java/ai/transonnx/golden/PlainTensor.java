package ai.transonnx.golden;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A tensor read by the definition of its file format, independently of this project.
 *
 * @param dtype the name of the type in safetensors, such as {@code F32}
 * @param bytes the elements, little-endian
 */
record PlainTensor(String dtype, List<Long> shape, ByteBuffer bytes) {
  /** Reads 8 bytes with the length of a JSON header, the header, and the tensors. */
  static Map<String, PlainTensor> safetensors(Path file) throws IOException {
    var all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var header = new byte[(int) all.getLong()];
    all.get(header);
    var data = all.slice();
    var tensors = new TreeMap<String, PlainTensor>();
    for (var entry : new ObjectMapper().readTree(header).properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(entry.getValue(), data));
      }
    }
    return tensors;
  }

  private static PlainTensor tensor(JsonNode json, ByteBuffer data) {
    var shape = new ArrayList<Long>();
    json.get("shape").forEach(size -> shape.add(size.asLong()));
    int from = json.get("data_offsets").get(0).asInt();
    int to = json.get("data_offsets").get(1).asInt();
    return new PlainTensor(json.get("dtype").asText(), shape, part(data, from, to - from));
  }

  /**
   * Reads a Python pickle of names and float32 arrays. Of its instructions, only names, the
   * integers of shapes and the elements matter. In protocol 2, elements are text with a character
   * for each byte.
   */
  static Map<String, PlainTensor> paddle(Path file) throws IOException {
    var in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var tensors = new TreeMap<String, PlainTensor>();
    @Nullable String name = null;
    var numbers = new ArrayList<Long>();
    boolean isMade = false; // whether an array is created; its shape is next
    boolean hasShape = false;
    while (in.hasRemaining()) {
      int instruction = in.get() & 0xff;
      switch (instruction) {
        case 0x80, 'q' -> in.get(); // the protocol version, or a memo index
        case 'r' -> in.getInt();
        case 'c' -> { // a global: its module and name, on two lines
          int lines = 0;
          while (lines < 2) {
            lines += in.get() == '\n' ? 1 : 0;
          }
        }
        case 'b' -> isMade &= name != null; // the elements are set
        case 0x95 -> in.getLong(); // the length of a frame
        case 'h' -> {
          in.get(); // a memo index
          hasShape |= isMade && !numbers.isEmpty();
        }
        case 'j' -> {
          in.getInt();
          hasShape |= isMade && !numbers.isEmpty();
        }
        case 0x8c, 'X' -> {
          int length = instruction == 'X' ? in.getInt() : in.get() & 0xff;
          var text = StandardCharsets.UTF_8.decode(part(in, in.position(), length)).toString();
          in.position(in.position() + length);
          hasShape |= isMade && !numbers.isEmpty();
          if (name == null) {
            name = text;
          } else if (hasShape && text.length() == Float.BYTES * elements(numbers)) {
            var bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
            tensors.put(name, array(numbers, bytes.order(ByteOrder.LITTLE_ENDIAN)));
            name = null;
            numbers.clear();
            hasShape = false;
          }
        }
        case 'K', 'M', 'J' -> {
          long number =
              switch (instruction) {
                case 'K' -> in.get() & 0xff;
                case 'M' -> in.getShort() & 0xffff;
                default -> in.getInt();
              };
          if (isMade && !hasShape) {
            numbers.add(number);
          }
        }
        case 'R' -> isMade = true;
        case 'C', 'B' -> {
          int length = instruction == 'B' ? in.getInt() : in.get() & 0xff;
          var bytes = part(in, in.position(), length);
          in.position(in.position() + length);
          if (name != null && length > 1) {
            tensors.put(name, array(numbers, bytes));
            name = null;
            numbers.clear();
            hasShape = false;
          }
        }
        default -> {} // an instruction without operands
      }
    }
    return tensors;
  }

  /** The first number is a version; the others are the shape. */
  private static PlainTensor array(List<Long> numbers, ByteBuffer bytes) {
    return new PlainTensor("F32", List.copyOf(numbers.subList(1, numbers.size())), bytes);
  }

  private static long elements(List<Long> numbers) {
    return numbers.stream().skip(1).reduce(1L, (a, b) -> a * b);
  }

  private static ByteBuffer part(ByteBuffer whole, int from, int length) {
    return whole.slice(from, length).order(ByteOrder.LITTLE_ENDIAN);
  }

  /** The elements as float32, which represents float16 and bfloat16 exactly. */
  ByteBuffer asFloat32() {
    if (dtype.equals("F32")) {
      return bytes;
    }
    int count = bytes.remaining() / Short.BYTES;
    var wide = ByteBuffer.allocate(count * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count; i++) {
      short bits = bytes.getShort(i * Short.BYTES);
      wide.putFloat(
          dtype.equals("BF16") ? Float.intBitsToFloat(bits << 16) : FormatsTest.float16(bits));
    }
    return wide.flip();
  }
}
