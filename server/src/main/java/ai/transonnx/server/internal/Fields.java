package ai.transonnx.server.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** The fields of a JSON object. Those that nobody read are refused. For one thread. */
final class Fields {
  static final JsonMapper JSON =
      JsonMapper.builder(
              com.fasterxml.jackson.core.JsonFactory.builder()
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

  private Fields(String prefix, JsonNode object) {
    this.prefix = prefix;
    this.object = object;
  }

  /**
   * The fields of a body.
   *
   * @throws ApiException if it is not a JSON object
   */
  static Fields of(byte[] body) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw ApiException.invalid(
          null,
          "the body is not JSON: line %s, column %s"
              .formatted(
                  where == null ? "?" : where.getLineNr(),
                  where == null ? "?" : where.getColumnNr()));
    } catch (IOException e) {
      throw ApiException.invalid(null, "the body is not JSON in UTF-8");
    }
    if (tree == null || !tree.isObject()) {
      throw ApiException.invalid(null, "the body is not a JSON object");
    }
    return new Fields("", tree);
  }

  /** A field; missing if it is absent or null. */
  JsonNode node(String name) {
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

  boolean flag(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return node.booleanValue();
  }

  /** A whole number from {@code least} to {@code most}. */
  OptionalLong integer(String name, long least, long most) {
    var node = node(name);
    if (node.isMissingNode()) {
      return OptionalLong.empty();
    }
    boolean isWhole = node.isIntegralNumber() && node.canConvertToLong();
    if (!isWhole || node.longValue() < least || node.longValue() > most) {
      throw wrong(name, "a whole number from %s to %s".formatted(least, most));
    }
    return OptionalLong.of(node.longValue());
  }

  /** A number from {@code least} to {@code most}. */
  double number(String name, double least, double most, double missing) {
    var node = node(name);
    if (node.isMissingNode()) {
      return missing;
    }
    if (!node.isNumber() || !(node.doubleValue() >= least && node.doubleValue() <= most)) {
      throw wrong(name, "a number from %s to %s".formatted(least, most));
    }
    return node.doubleValue();
  }

  /** The fields of an object; none if it is absent. */
  Fields object(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isObject()) {
      throw wrong(name, "an object");
    }
    return new Fields(prefix + name + ".", node);
  }

  /** Refuses a field whose value has an effect that this server does not have. */
  void only(String name, @Nullable Number allowed, String reason) {
    var node = node(name);
    boolean isAllowed =
        node.isMissingNode()
            || (allowed != null && node.isNumber() && node.doubleValue() == allowed.doubleValue())
            || (allowed == null && node.isContainerNode() && node.isEmpty());
    if (!isAllowed) {
      throw ApiException.invalid(prefix + name, "'%s%s' %s".formatted(prefix, name, reason));
    }
  }

  /** Refuses fields that were not read. */
  void end() {
    var unknown =
        StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
            .filter(name -> !read.contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      var known = read.stream().sorted().collect(Collectors.joining(", "));
      throw ApiException.invalid(
          prefix + shortened(unknown.get()),
          "'%s%s' is unknown; known: %s".formatted(prefix, shortened(unknown.get()), known));
    }
  }

  ApiException wrong(String name, String expected) {
    return ApiException.invalid(
        prefix + name, "'%s%s' is not %s".formatted(prefix, name, expected));
  }

  private static String shortened(String name) {
    return name.length() <= 100 ? name : name.substring(0, 100) + "...";
  }
}
