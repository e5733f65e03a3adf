package ai.transonnx.internal.guess;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;

/** Gathers the options of a guess. */
final class Options {
  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final List<String> unknown = new ArrayList<>();

  Options(String className) {
    json.put("class", className);
  }

  Options() {}

  /** A number, if it is known, that is, not 0. */
  Options number(String key, long value) {
    if (value > 0) {
      json.put(key, value);
    }
    return this;
  }

  /** One size as a multiple of another: a whole number, or a fraction where it is none. */
  Options ratio(String key, long size, long of) {
    if (size > 0 && of > 0) {
      if (size % of == 0) {
        json.put(key, size / of);
      } else {
        json.put(key, (double) size / of);
      }
    }
    return this;
  }

  /** An option that is on, if it is. */
  Options flag(String key, boolean value) {
    if (value) {
      json.put(key, true);
    }
    return this;
  }

  Options text(String key, String value) {
    json.put(key, value);
    return this;
  }

  Options list(String key, Iterable<Integer> values) {
    var array = json.putArray(key);
    values.forEach(array::add);
    return this;
  }

  Options node(String key, JsonNode value) {
    json.set(key, value);
    return this;
  }

  Options object(String key, Options inner) {
    json.set(key, inner.json);
    unknown.addAll(inner.unknown);
    return this;
  }

  /** Something that cannot be known. */
  Options unknown(String line) {
    unknown.add(line);
    return this;
  }

  Guess guess(String library) {
    return new Guess(library, json.path("class").asText(), json, unknown);
  }
}
