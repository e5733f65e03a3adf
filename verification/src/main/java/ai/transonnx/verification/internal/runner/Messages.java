package ai.transonnx.verification.internal.runner;

import ai.transonnx.format.internal.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The lines of the protocol between a runner and its process. */
public final class Messages {
  private static final int MAX_PROPERTIES = 64;
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonWriteFeature.ESCAPE_NON_ASCII)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private Messages() {}

  /** The request to load a model. */
  static ObjectNode load(int id, Path model, RunnerName name) {
    var request = request("load").put("id", id).put("model", model.toAbsolutePath().toString());
    var options = request.putObject("options");
    if (name.kind().settings() == RunnerKind.Settings.LEVEL_AND_THREADS) {
      options.put("level", RunnerName.text(name.levelOrAll()));
    }
    if (name.threads() > 0) {
      options.put("threads", name.threads());
    }
    return request;
  }

  /** The request to run a model. */
  static ObjectNode run(int id, Path inputs, Set<String> outputs, Path result) {
    var request = request("run").put("id", id).put("inputs", inputs.toString());
    var names = request.putArray("outputs");
    outputs.forEach(names::add);
    return request.put("result", result.toString());
  }

  /** The request to free a model. */
  static ObjectNode unload(int id) {
    return request("unload").put("id", id);
  }

  /** The request to end. */
  static ObjectNode exit() {
    return request("exit");
  }

  private static ObjectNode request(String operation) {
    return JSON.createObjectNode().put("op", operation);
  }

  /** The line of a request. */
  public static String text(ObjectNode request) {
    try {
      return JSON.writeValueAsString(request);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The object in a line; empty if it is something else. */
  static Optional<JsonNode> object(String line) {
    try {
      var json = JSON.readTree(line);
      return json != null && json.isObject() ? Optional.of(json) : Optional.empty();
    } catch (JsonProcessingException e) {
      return Optional.empty();
    }
  }

  /** A text on one line that is not too long; empty if it is missing or not a text. */
  static Optional<String> text(JsonNode json, String field) {
    return Optional.ofNullable(json.path(field).textValue()).map(Printable::message);
  }

  /** The entries of a fingerprint's properties that are texts, numbers or truth values. */
  static Map<String, String> properties(JsonNode json) {
    var properties = new LinkedHashMap<String, String>();
    for (var entry : json.properties()) {
      if (entry.getValue().isValueNode() && properties.size() < MAX_PROPERTIES) {
        properties.put(Printable.of(entry.getKey()), Printable.of(entry.getValue().asText()));
      }
    }
    return properties;
  }
}
