package ai.transonnx.internal.guess;

import ai.transonnx.internal.xtransformers.OptionNames;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Collects the options of a guess. Those of x-transformers are of one release: what the release
 * does not have is left out, and keys are those of the release.
 */
final class Options {
  static final String REQUIRED = "required";

  private final ObjectNode json = JsonNodeFactory.instance.objectNode();
  private final Map<String, String> unknown = new LinkedHashMap<>();
  private final @Nullable OptionNames names;

  private Options(@Nullable OptionNames names) {
    this.names = names;
  }

  Options(String className) {
    this((OptionNames) null);
    json.put("class", className);
  }

  /** The options of a configuration of x-transformers at a release. */
  static Options of(Class<? extends Record> type, Origin origin) {
    return new Options(OptionNames.of(type, origin.profile().release()));
  }

  /** The options of a class of x-transformers at a release. */
  static Options of(String className, Class<? extends Record> type, Origin origin) {
    var options = of(type, origin);
    options.json.put("class", className);
    return options;
  }

  /** Whether the release has an option. */
  boolean has(String key) {
    return names == null || names.has(key);
  }

  private Options set(String key, JsonNode value) {
    if (has(key)) {
      json.set(names == null ? key : names.key(key), value);
    }
    return this;
  }

  /** Sets a number, unless it is 0. */
  Options number(String key, long value) {
    return value > 0 ? set(key, json.numberNode(value)) : this;
  }

  /** Sets a number that an option requires; 0 stands for an unknown one. */
  Options required(String key, long value) {
    return value > 0 ? number(key, value) : hint(key, REQUIRED);
  }

  /** Sets the factor by which one size is a multiple of another, rounded down to an integer. */
  Options ratio(String key, long size, long of) {
    if (size <= 0 || of <= 0) {
      return this;
    }
    if (size % of == 0) {
      return number(key, size / of);
    }
    double factor = (double) size / of;
    double upper = (long) (of * factor) == size ? factor : Math.nextUp(factor);
    return set(key, json.numberNode(upper));
  }

  /** Sets an option to true, or leaves it at its default, false. */
  Options flag(String key, boolean value) {
    return value ? set(key, json.booleanNode(true)) : this;
  }

  /** Sets an option whose default is true to false. */
  Options off(String key) {
    return set(key, json.booleanNode(false));
  }

  Options text(String key, String value) {
    return set(key, json.textNode(value));
  }

  Options list(String key, Iterable<Integer> values) {
    var array = json.arrayNode();
    values.forEach(array::add);
    return set(key, array);
  }

  /** Sets an option to an object of numbers, unless there are none. */
  Options sizes(String key, Map<String, Long> sizes) {
    var object = json.objectNode();
    sizes.forEach(object::put);
    return sizes.isEmpty() ? this : set(key, object);
  }

  /** Sets an option to an object with this flag. */
  Options withFlag(String key, String flag) {
    return set(key, json.objectNode().put(flag, true));
  }

  /** Sets an option to an object with these options. */
  Options object(String key, Options inner) {
    json.set(key, inner.json);
    inner.unknown.forEach((name, hint) -> unknown.put(key + "." + name, hint));
    return this;
  }

  /** Adds these options with a prefix. */
  Options prefixed(String prefix, Options inner) {
    inner.json.properties().forEach(e -> set(prefix + e.getKey(), e.getValue()));
    return unknown(prefix, inner);
  }

  /** Lists the options of others that names and shapes do not determine, with a prefix. */
  Options unknown(String prefix, Options inner) {
    inner.unknown.forEach((name, hint) -> hint(prefix + name, hint));
    return this;
  }

  /** Adds the options in which others differ from those of the same type that are their default. */
  Options differences(String prefix, Options own, Options others) {
    var keys = new TreeSet<String>();
    own.json.fieldNames().forEachRemaining(keys::add);
    others.json.fieldNames().forEachRemaining(keys::add);
    for (var key : keys) {
      var value = others.valueOrDefault(key);
      if (!value.equals(own.valueOrDefault(key))) {
        set(prefix + key, value);
      }
    }
    return unknown(prefix, others);
  }

  private JsonNode valueOrDefault(String key) {
    var value = json.get(key);
    return value == null && names != null ? names.defaultValue(key) : json.path(key);
  }

  boolean isSet(String key) {
    return json.has(key);
  }

  boolean isUnknown(String key) {
    return unknown.containsKey(key);
  }

  /** The value of a number, or 0 if it is not set. */
  long value(String key) {
    return json.path(key).asLong();
  }

  /** Lists options that names and shapes do not determine. */
  Options unknown(String... keys) {
    for (var key : keys) {
      hint(key, "");
    }
    return this;
  }

  /** Lists an option that names and shapes do not determine, with a hint. */
  Options hint(String key, String hint) {
    if (has(key)) {
      unknown.put(names == null ? key : names.key(key), hint);
    }
    return this;
  }

  Guess guess(String library) {
    return new Guess(library, json.path("class").asText(), json, unknown, Optional.empty());
  }
}
