package ai.transonnx.internal.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import ai.transonnx.InputException;
import ai.transonnx.config.ConfigException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.file.FailedDownload;
import ai.transonnx.format.internal.file.FileErrors;
import ai.transonnx.format.internal.file.PlainFile;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;

/**
 * Parses and writes JSON trees. The parser is strict: it rejects duplicate keys and text after the
 * value.
 *
 * <p>The trees are built directly from the parser's events. An {@code ObjectMapper} would do the
 * same, but its creation would add a quarter of a second to each run of a short-lived program.
 */
public final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /** A tree takes up to 16 times as much memory as its text. */
  private static final int MAX_BYTES =
      (int) Math.min(16 << 20, Runtime.getRuntime().maxMemory() / 32);

  private Json() {}

  /**
   * Parses one JSON value.
   *
   * @throws ConfigException if the text is not exactly one JSON value
   */
  public static JsonNode parse(String text) {
    try (var parser = FACTORY.createParser(text)) {
      if (parser.nextToken() == null) {
        throw new ConfigException("not JSON: the text is empty");
      }
      var value = value(parser);
      if (parser.nextToken() != null) {
        throw new ConfigException("not JSON: unexpected text after the value");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new ConfigException("not JSON: " + cause(e) + line(e));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String line(JsonProcessingException e) {
    var location = e.getLocation();
    return location == null ? "" : ", in line " + location.getLineNr();
  }

  private static String cause(JsonProcessingException e) {
    return e instanceof JsonEOFException
        ? "the text ends within a value"
        : Printable.of(e.getOriginalMessage());
  }

  /**
   * Reads a file that holds one JSON value and has at most 16 MiB, and at most a 32nd of the heap.
   *
   * @throws InputException if the file cannot be read, is too large or is not valid; the message
   *     names the file
   */
  public static JsonNode read(Path file) {
    try (var content = PlainFile.stream(file)) {
      var bytes = content.readNBytes(MAX_BYTES + 1);
      if (bytes.length > MAX_BYTES) {
        throw new ConfigException(
            "too large: a JSON file may have at most %s bytes".formatted(MAX_BYTES));
      }
      return parse(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (ConfigException e) {
      String problem = FailedDownload.describe(file).orElse(String.valueOf(e.getMessage()));
      throw new InputException(file + ": " + problem, e);
    } catch (CharacterCodingException e) {
      throw new InputException(file + ": not JSON: the text is not UTF-8", e);
    } catch (IOException e) {
      throw new InputException(file + ": " + FileErrors.unreadable(e), e);
    }
  }

  /** Parses the value that begins with the parser's current token. */
  private static JsonNode value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> {
        var object = NODES.objectNode();
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
          String key = parser.currentName();
          parser.nextToken();
          object.set(key, value(parser));
        }
        yield object;
      }
      case START_ARRAY -> {
        var array = NODES.arrayNode();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          array.add(value(parser));
        }
        yield array;
      }
      case VALUE_NUMBER_INT ->
          switch (parser.getNumberType()) {
            case INT -> NODES.numberNode(parser.getIntValue());
            case LONG -> NODES.numberNode(parser.getLongValue());
            default -> NODES.numberNode(parser.getBigIntegerValue());
          };
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDoubleValue());
      case VALUE_STRING -> NODES.textNode(parser.getText());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      default -> NODES.nullNode();
    };
  }

  /** Returns a value as text without white space. */
  public static String compact(JsonNode value) {
    var text = new StringWriter();
    try (var generator = FACTORY.createGenerator(text)) {
      write(value, generator);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Returns a value as text of several lines, the last of which ends. */
  public static String indented(JsonNode value) {
    var text = new StringWriter();
    var lines = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
    try (var generator = FACTORY.createGenerator(text)) {
      generator.setPrettyPrinter(lines);
      write(value, generator);
      generator.writeRaw('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonNode value, JsonGenerator generator) throws IOException {
    if (value.isObject()) {
      generator.writeStartObject();
      for (var field : value.properties()) {
        generator.writeFieldName(field.getKey());
        write(field.getValue(), generator);
      }
      generator.writeEndObject();
    } else if (value.isArray()) {
      generator.writeStartArray();
      for (var element : value) {
        write(element, generator);
      }
      generator.writeEndArray();
    } else if (value.isTextual()) {
      generator.writeString(value.textValue());
    } else if (value.isIntegralNumber()) {
      generator.writeNumber(value.bigIntegerValue());
    } else if (value.isNumber()) {
      generator.writeNumber(value.doubleValue());
    } else if (value.isBoolean()) {
      generator.writeBoolean(value.booleanValue());
    } else {
      generator.writeNull();
    }
  }
}
