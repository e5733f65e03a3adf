package ai.transonnx.export.internal.safetensors;

import static com.fasterxml.jackson.core.JsonToken.END_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.FIELD_NAME;
import static com.fasterxml.jackson.core.JsonToken.START_ARRAY;
import static com.fasterxml.jackson.core.JsonToken.START_OBJECT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_NUMBER_INT;
import static com.fasterxml.jackson.core.JsonToken.VALUE_STRING;

import ai.transonnx.InputException;
import ai.transonnx.export.internal.safetensors.Header.Entry;
import ai.transonnx.export.internal.weights.ContentStream;
import ai.transonnx.export.weights.Content;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.TensorType;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Reads a header as a stream of JSON tokens, and checks each tensor on its own: its fields, its
 * type, its shape, and that its {@code data_offsets} match the size of type and shape.
 */
final class HeaderParser {
  private static final String METADATA = "__metadata__";
  private static final int MAX_RANK = 64;

  /** More than the heap that a tensor or an entry of the metadata takes beside its texts. */
  private static final long ENTRY_BYTES = 700;

  private static final long DIMENSION_BYTES = 50;
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
          .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(3).build())
          .build();

  private final Path path;
  private final JsonParser json;
  private final List<Entry> entries = new ArrayList<>();
  private final SortedMap<String, String> metadata = new TreeMap<>();
  private final long heap;
  private long taken;

  private HeaderParser(Path path, JsonParser json, long heap) {
    this.path = path;
    this.json = json;
    this.heap = heap;
  }

  /** Reads a header that takes at most half of the heap. */
  static Header parse(Path path, Content content, long length) {
    return parse(path, content, length, Runtime.getRuntime().maxMemory() / 2);
  }

  /**
   * Reads a header.
   *
   * @param heap the bytes that it may take
   */
  static Header parse(Path path, Content content, long length, long heap) {
    if (length == 0 || content.slice(0, 1).get() != '{') {
      throw new InputException(
          path + ": not a safetensors file: the header does not begin with '{'");
    }
    var characters =
        new InputStreamReader(
            new ContentStream(content, length), StandardCharsets.UTF_8.newDecoder());
    try (var json = JSON.createParser(characters)) {
      var parser = new HeaderParser(path, json, heap);
      parser.header();
      return new Header(parser.entries, parser.metadata);
    } catch (CharacterCodingException e) {
      throw new InputException(path + ": the header is not UTF-8 text", e);
    } catch (JsonProcessingException e) {
      throw new InputException(
          "%s: the header is not valid JSON: %s (at character %s)"
              .formatted(
                  path,
                  Printable.of(e.getOriginalMessage()),
                  e.getLocation() == null ? 0 : e.getLocation().getCharOffset()),
          e);
    } catch (IOException e) {
      throw new InputException(path + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private void header() throws IOException {
    json.nextToken();
    while (json.nextToken() == FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (name.equals(METADATA)) {
        metadata();
      } else {
        entries.add(entry(name));
      }
    }
    if (json.nextToken() != null) {
      throw new InputException(path + ": the header has data after its closing brace");
    }
  }

  private void metadata() throws IOException {
    var problem = new InputException(path + ": " + METADATA + " must map strings to strings");
    if (json.currentToken() != START_OBJECT) {
      throw problem;
    }
    while (json.nextToken() == FIELD_NAME) {
      String key = json.currentName();
      if (json.nextToken() != VALUE_STRING) {
        throw problem;
      }
      String value = json.getText();
      take(ENTRY_BYTES + 2L * (key.length() + value.length()));
      metadata.put(key, value);
    }
  }

  /** Counts heap that is about to be taken. */
  private void take(long bytes) {
    taken += bytes;
    if (taken > heap) {
      throw new InputException(
          "%s: the header has more tensors and metadata than fit into %s MiB, half of the heap; start Java with a larger -Xmx"
              .formatted(path, heap >> 20));
    }
  }

  private Entry entry(String name) throws IOException {
    if (name.chars().anyMatch(Character::isISOControl)) {
      throw error(name, "a name must not have control characters");
    }
    require(json.currentToken() == START_OBJECT, name, "must be an object, got %s");
    String dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (json.nextToken() == FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "dtype" -> dtype = dtype(name);
        case "shape" -> shape = numbers(name, field, MAX_RANK);
        case "data_offsets" -> offsets = numbers(name, field, 2);
        default -> throw error(name, "has the unknown field '" + Printable.of(field) + "'");
      }
    }
    dtype = present(dtype, name, "dtype");
    shape = present(shape, name, "shape");
    take(ENTRY_BYTES + 2L * name.length() + DIMENSION_BYTES * shape.length);
    offsets = present(offsets, name, "data_offsets");
    if (offsets.length != 2 || offsets[0] > offsets[1]) {
      throw error(
          name,
          "data_offsets must be [begin, end] with begin <= end, got " + Arrays.toString(offsets));
    }
    var known = Dtype.of(dtype);
    if (known.isPresent()) {
      checkLength(name, known.get(), shape, offsets);
    }
    var sizes = Shape.of(shape);
    return new Entry(
        name,
        dtype,
        known.map(supported -> new TensorType(supported.elements(), sizes)),
        offsets[0],
        offsets[1]);
  }

  private void checkLength(String name, Dtype dtype, long[] shape, long[] offsets) {
    long needed = bytes(name, dtype.elements(), shape);
    if (offsets[1] - offsets[0] != needed) {
      throw error(
          name,
          "%s of shape %s takes %s bytes, but its data_offsets %s span %s"
              .formatted(
                  dtype,
                  Arrays.toString(shape),
                  needed,
                  Arrays.toString(offsets),
                  offsets[1] - offsets[0]));
    }
  }

  private String dtype(String name) throws IOException {
    require(json.currentToken() == VALUE_STRING, name, "dtype must be a string, got %s");
    return Printable.of(json.getText());
  }

  private long[] numbers(String name, String field, int most) throws IOException {
    require(json.currentToken() == START_ARRAY, name, field + " must be an array, got %s");
    var numbers = new long[most];
    int count = 0;
    while (json.nextToken() != END_ARRAY) {
      require(
          json.currentToken() == VALUE_NUMBER_INT
              && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER
              && json.getLongValue() >= 0,
          name,
          field + " must have integers from 0 to 2^63 - 1, got %s");
      if (count == most) {
        throw error(name, "%s has more than %s numbers".formatted(field, most));
      }
      numbers[count++] = json.getLongValue();
    }
    return Arrays.copyOf(numbers, count);
  }

  private long bytes(String name, ElementType elements, long[] shape) {
    try {
      return Math.multiplyExact(Shape.of(shape).elements(), (long) elements.bytes());
    } catch (ArithmeticException e) {
      throw error(name, "shape " + Arrays.toString(shape) + " is too large for any file");
    }
  }

  private <T> T present(@Nullable T value, String name, String field) {
    if (value == null) {
      throw error(name, "has no " + field);
    }
    return value;
  }

  /** Throws with the current token in place of {@code %s}, unless {@code fine}. */
  private void require(boolean fine, String name, String message) throws IOException {
    if (!fine) {
      throw error(name, message.formatted(describe(json.currentToken())));
    }
  }

  private String describe(@Nullable JsonToken token) throws IOException {
    if (token == null) {
      return "nothing";
    }
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "the string '" + Printable.of(json.getText()) + "'";
      default -> Printable.of(json.getText());
    };
  }

  private InputException error(String name, String problem) {
    return new InputException("%s: tensor '%s': %s".formatted(path, Printable.of(name), problem));
  }
}
