package ai.transonnx.format;

import ai.transonnx.InputException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/**
 * State tensors as the JSON list of {@link MetadataKey#STATE}.
 *
 * <pre>{@code
 * [{"input": "past_sum_0", "output": "present_sum_0", "type": "float32",
 *   "shape": ["batch", 1, 16], "first": ["batch", 1, 16], "role": "recurrent"}]
 * }</pre>
 */
public final class StateJson {
  static final String INPUT = "input";
  static final String OUTPUT = "output";
  static final String TYPE = "type";
  static final String SHAPE = "shape";
  static final String FIRST = "first";
  static final String ROLE = "role";

  private StateJson() {}

  /** The list as compact JSON: sizes are numbers, or texts as {@link Dim#toString} writes them. */
  public static String write(List<StateTensor> state) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (var tensor : state) {
        json.writeStartObject();
        json.writeStringField(INPUT, tensor.input());
        json.writeStringField(OUTPUT, tensor.output());
        json.writeStringField(TYPE, tensor.type().toString());
        write(json, SHAPE, tensor.shape());
        write(json, FIRST, tensor.first());
        json.writeStringField(ROLE, tensor.role().label());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, List<Dim> dims) throws IOException {
    json.writeArrayFieldStart(name);
    for (var dim : dims) {
      if (dim.isFixed()) {
        json.writeNumber(dim.size());
      } else {
        json.writeString(dim.toString());
      }
    }
    json.writeEndArray();
  }

  /**
   * Reads a file's state tensors. Files written before roles existed have none; the roles then
   * follow from the names that those files used.
   *
   * @param metadata all entries of the file, by key
   * @return empty if the file has no such list
   * @throws InputException if the list is malformed; the message names the entry and the field
   */
  public static List<StateTensor> read(Map<String, String> metadata) {
    var json = metadata.get(MetadataKey.STATE.key());
    boolean hasRing = metadata.containsKey(MetadataKey.RING_SLOTS.key());
    return json == null ? List.of() : new StateReader(new FormerRoles(hasRing)).read(json);
  }
}
