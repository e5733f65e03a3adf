package ai.transonnx.djl.serving;

import ai.transonnx.format.internal.Printable;
import ai.transonnx.runtime.RequestException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** The fields of a JSON object in a request. Those that nobody read are refused. For one thread. */
final class BodyFields {
  static final JsonMapper JSON =
      JsonMapper.builder(
              JsonFactory.builder()
                  .streamReadConstraints(
                      StreamReadConstraints.builder()
                          .maxNestingDepth(16)
                          .maxNumberLength(100)
                          .maxStringLength(Integer.MAX_VALUE)
                          .build())
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private final String prefix;
  private final JsonNode object;
  private final Set<String> read = new HashSet<>();

  private BodyFields(String prefix, JsonNode object) {
    this.prefix = prefix;
    this.object = object;
  }

  /**
   * The fields of a body.
   *
   * @throws RequestException if it is not a JSON object
   */
  static BodyFields of(byte[] body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw new RequestException(
          "the body is not JSON: line %s, column %s"
              .formatted(
                  where == null ? "?" : where.getLineNr(),
                  where == null ? "?" : where.getColumnNr()));
    } catch (IOException e) {
      throw new RequestException("the body is not JSON in UTF-8");
    }
    if (tree == null || !tree.isObject()) {
      throw new RequestException("the body is not a JSON object");
    }
    return new BodyFields("", tree);
  }

  boolean has(String name) {
    return !node(name).isMissingNode();
  }

  private JsonNode node(String name) {
    read.add(name);
    var node = object.get(name);
    return node == null || node.isNull() ? MissingNode.getInstance() : node;
  }

  Optional<String> text(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isTextual()) {
      throw wrong(name, "a string");
    }
    return Optional.ofNullable(node.textValue());
  }

  /** Whether a field is an array. */
  boolean isArray(String name) {
    return node(name).isArray();
  }

  /** One string or an array of 1 to {@code most} of them; none if the field is absent. */
  List<String> texts(String name, int most) {
    var node = node(name);
    var texts = new ArrayList<String>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    } else if (node.isArray() && !node.isEmpty() && node.size() <= most) {
      for (var text : node) {
        if (!text.isTextual()) {
          throw wrong(name, "a string or an array of strings");
        }
        texts.add(text.textValue());
      }
    } else if (!node.isMissingNode()) {
      throw wrong(name, "a string or an array of 1 to %s strings".formatted(most));
    }
    return texts;
  }

  /** An array of at most {@code most} tokens; none if the field is absent. */
  Set<Long> tokens(String name, int most) {
    var node = node(name);
    if (!node.isMissingNode() && (!node.isArray() || node.size() > most)) {
      throw wrong(name, "an array of at most %s tokens".formatted(most));
    }
    var tokens = new HashSet<Long>();
    for (var token : node) {
      if (!token.isIntegralNumber() || !token.canConvertToLong()) {
        throw wrong(name, "an array of tokens");
      }
      tokens.add(token.longValue());
    }
    return tokens;
  }

  Optional<Boolean> flag(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return node.isMissingNode() ? Optional.empty() : Optional.of(node.booleanValue());
  }

  /** A whole number from {@code least} to {@code most}. */
  Optional<Long> integer(String name, long least, long most) {
    var node = node(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    boolean isWhole = node.isIntegralNumber() && node.canConvertToLong();
    if (!isWhole || node.longValue() < least || node.longValue() > most) {
      throw wrong(name, "a whole number from %s to %s".formatted(least, most));
    }
    return Optional.of(node.longValue());
  }

  /** A number from {@code least} to {@code most}. */
  Optional<Double> number(String name, double least, double most) {
    var node = node(name);
    if (node.isMissingNode()) {
      return Optional.empty();
    }
    if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
      throw wrong(name, "a number from %s to %s".formatted(least, most));
    }
    return Optional.of(node.doubleValue());
  }

  /** The fields of an object; none if it is absent. */
  BodyFields object(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isObject()) {
      throw wrong(name, "an object");
    }
    return new BodyFields(prefix + name + ".", node);
  }

  /** Refuses a field with another value than the one that has no effect. */
  void only(String name, double allowed) {
    var node = node(name);
    if (!node.isMissingNode() && !(node.isNumber() && node.doubleValue() == allowed)) {
      throw new RequestException(
          "'%s%s' is not supported; only %s is".formatted(prefix, name, allowed));
    }
  }

  /** Refuses a field that is not false. */
  void onlyFalse(String name) {
    if (flag(name).orElse(false)) {
      throw new RequestException("'%s%s' is not supported".formatted(prefix, name));
    }
  }

  /** Refuses fields that were not read. */
  void end() {
    var unknown =
        StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
            .filter(name -> !read.contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      throw new RequestException(
          "'%s%s' is unknown; known: %s"
              .formatted(
                  prefix,
                  Printable.message(unknown.get()),
                  read.stream().sorted().collect(Collectors.joining(", "))));
    }
  }

  private RequestException wrong(String name, String expected) {
    return new RequestException("'%s%s' is not %s".formatted(prefix, name, expected));
  }
}
