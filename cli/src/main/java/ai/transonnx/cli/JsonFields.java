package ai.transonnx.cli;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import ai.transonnx.format.internal.Spelling;
import ai.transonnx.internal.config.Json;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The fields of a JSON object, checked when they are read.
 *
 * @param object the object
 */
record JsonFields(JsonNode object) {
  /**
   * Checks that all fields are known.
   *
   * @throws InputException if it is no object, or has another field
   */
  JsonFields(JsonNode object, List<String> known) {
    this(object);
    if (!object.isObject()) {
      throw new InputException("a JSON object is needed, not " + shown(object));
    }
    object
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!known.contains(name)) {
                throw new InputException(
                    "unknown field %s%s"
                        .formatted(
                            Printable.quoted(name),
                            Spelling.nearest(name, known)
                                .map(near -> "; did you mean '%s'?".formatted(near))
                                .orElse("; the fields are " + String.join(", ", known))));
              }
            });
  }

  /** A field; empty if it is missing or null. */
  Optional<JsonNode> field(String name) {
    return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
  }

  private JsonNode checked(
      String name, JsonNode value, Predicate<JsonNode> isValid, String expected) {
    if (!isValid.test(value)) {
      throw new InputException("'%s' is %s, not %s".formatted(name, shown(value), expected));
    }
    return value;
  }

  private Optional<JsonNode> field(String name, Predicate<JsonNode> isValid, String expected) {
    return field(name).map(value -> checked(name, value, isValid, expected));
  }

  private static String shown(JsonNode value) {
    return Printable.of(Json.compact(value));
  }

  Optional<String> text(String name) {
    return field(name, JsonNode::isTextual, "a text").map(JsonNode::textValue);
  }

  Optional<Boolean> flag(String name) {
    return field(name, JsonNode::isBoolean, "true or false").map(JsonNode::booleanValue);
  }

  Optional<Double> number(String name) {
    return field(name, JsonNode::isNumber, "a number").map(JsonNode::doubleValue);
  }

  Optional<Integer> integer(String name) {
    return field(name, JsonNode::isInt, "a number of 31 bits").map(JsonNode::intValue);
  }

  Optional<Long> longInteger(String name) {
    return field(
            name,
            value -> value.isIntegralNumber() && value.canConvertToLong(),
            "a number of 63 bits")
        .map(JsonNode::longValue);
  }

  /** A list of tokens. */
  Optional<List<Long>> tokens(String name) {
    return field(name, JsonNode::isArray, "a list of tokens")
        .map(
            list -> {
              var tokens = new ArrayList<Long>(list.size());
              for (var token : list) {
                boolean isToken = token.isIntegralNumber() && token.canConvertToLong();
                tokens.add(checked(name, token, t -> isToken, "a token").longValue());
              }
              return tokens;
            });
  }

  /** A text, or a list of texts. */
  Optional<List<String>> texts(String name) {
    return field(name)
        .map(
            value -> {
              if (value.isTextual()) {
                return List.of(value.textValue());
              }
              checked(name, value, JsonNode::isArray, "a text or a list of texts");
              var texts = new ArrayList<String>(value.size());
              for (var text : value) {
                texts.add(checked(name, text, JsonNode::isTextual, "a text").textValue());
              }
              return texts;
            });
  }
}
