package ai.transonnx.internal.guess;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Collects the options of a guess. */
final class Options {
  static final String REQUIRED = "required";

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> unknown = new LinkedHashMap<>();

  Options(String className) {
    json.put("class", className);
  }

  Options() {}

  /** Sets a number, unless it is 0. */
  Options number(String key, long value) {
    if (value > 0) {
      json.put(key, value);
    }
    return this;
  }

  /** Sets a number that an option requires; 0 stands for an unknown one. */
  Options required(String key, long value) {
    return value > 0 ? number(key, value) : hint(key, REQUIRED);
  }

  /** Sets the factor by which one size is a multiple of another, rounded down to an integer. */
  Options ratio(String key, long size, long of) {
    if (size > 0 && of > 0) {
      if (size % of == 0) {
        json.put(key, size / of);
      } else {
        double factor = (double) size / of;
        json.put(key, (long) (of * factor) == size ? factor : Math.nextUp(factor));
      }
    }
    return this;
  }

  /** Sets an option to true, or leaves it at its default, false. */
  Options flag(String key, boolean value) {
    if (value) {
      json.put(key, true);
    }
    return this;
  }

  /** Sets an option whose default is true to false. */
  Options off(String key) {
    json.put(key, false);
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

  /** Sets an option to an object with these options. */
  Options object(String key, Options inner) {
    json.set(key, inner.json);
    inner.unknown.forEach((name, hint) -> unknown.put(key + "." + name, hint));
    return this;
  }

  /** Adds these options with a prefix. */
  Options prefixed(String prefix, Options inner) {
    inner.json.properties().forEach(e -> json.set(prefix + e.getKey(), e.getValue()));
    inner.unknown.forEach((name, hint) -> unknown.put(prefix + name, hint));
    return this;
  }

  boolean isSet(String key) {
    return json.has(key);
  }

  /** Removes a number and returns it, or 0 if it is missing. */
  long takeNumber(String key) {
    var value = json.remove(key);
    return value == null ? 0 : value.asLong();
  }

  /** Lists options that names and shapes do not determine. */
  Options unknown(String... keys) {
    for (var key : keys) {
      unknown.put(key, "");
    }
    return this;
  }

  /** Lists an option that names and shapes do not determine, with a hint. */
  Options hint(String key, String hint) {
    unknown.put(key, hint);
    return this;
  }

  Guess guess(String library) {
    return new Guess(library, json.path("class").asText(), json, unknown, Optional.empty());
  }
}
