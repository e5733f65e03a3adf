package ai.transonnx.export;

import ai.transonnx.format.Dim;
import ai.transonnx.graph.Model;
import ai.transonnx.graph.Shape;
import ai.transonnx.graph.StatePair;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** What the file says of itself beside its graph. */
final class Metadata {
  private static final String PREFIX = "transonnx.";

  private Metadata() {}

  /** All entries but the weights' fingerprint. */
  static SortedMap<String, String> of(Model model, Provenance origin) {
    var entries = new TreeMap<String, String>();
    model.properties().forEach((key, value) -> entries.put(PREFIX + key, value));
    entries.put(PREFIX + "library", origin.library());
    entries.put(PREFIX + "library_version", origin.version());
    entries.put(PREFIX + "config", origin.config());
    entries.put(PREFIX + "version", ToolVersion.current());
    entries.put(PREFIX + "state", state(model.state()));
    return entries;
  }

  /** The pairs as a JSON list: sizes are numbers, or names of sizes. */
  private static String state(List<StatePair> pairs) {
    var text = new StringWriter();
    try (var json = new JsonFactory().createGenerator(text)) {
      json.writeStartArray();
      for (var pair : pairs) {
        json.writeStartObject();
        json.writeStringField("input", pair.input());
        json.writeStringField("output", pair.output());
        json.writeStringField("type", pair.type().elements().toString());
        write(json, "shape", pair.type().shape());
        write(json, "first", pair.first());
        json.writeEndObject();
      }
      json.writeEndArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, Shape shape) throws IOException {
    json.writeArrayFieldStart(name);
    for (Dim dim : shape.dims()) {
      if (dim.isFixed()) {
        json.writeNumber(dim.size());
      } else {
        json.writeString(dim.toString());
      }
    }
    json.writeEndArray();
  }
}
