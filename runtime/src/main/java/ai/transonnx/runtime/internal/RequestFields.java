package ai.transonnx.runtime.internal;

import ai.transonnx.format.internal.Printable;
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
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object in the body of a request. Each method that reads a field refuses
 * another type or value with the exception of the protocol, and {@link #end} refuses fields that
 * nobody has read. A field that is null is absent. For one thread.
 */
public final class RequestFields {
  /** Reads and writes JSON within limits that a hostile body cannot exceed. */
  public static final JsonMapper JSON =
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
  private final Refusal refusal;
  private final Set<String> read = new HashSet<>();

  /** Creates the exception of a protocol. */
  @FunctionalInterface
  public interface Refusal {
    /**
     * The exception for an invalid request.
     *
     * @param field the path of the field; null for the whole body
     */
    RuntimeException of(@Nullable String field, String message);
  }

  private RequestFields(String prefix, JsonNode object, Refusal refusal) {
    this.prefix = prefix;
    this.object = object;
    this.refusal = refusal;
  }

  /**
   * The fields of a body; it is refused if it is not a JSON object.
   *
   * @param refusal creates the exceptions of this method and of all others
   */
  public static RequestFields of(byte[] body, Refusal refusal) {
    JsonNode tree;
    try {
      tree = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      var where = e.getLocation();
      throw refusal.of(
          null,
          "the body is not JSON: line %s, column %s"
              .formatted(
                  where == null ? "?" : where.getLineNr(),
                  where == null ? "?" : where.getColumnNr()));
    } catch (IOException e) {
      throw refusal.of(null, "the body is not JSON in UTF-8");
    }
    if (tree == null || !tree.isObject()) {
      throw refusal.of(null, "the body is not a JSON object");
    }
    return new RequestFields("", tree, refusal);
  }

  /** A field of any type; missing if it is absent. */
  public JsonNode node(String name) {
    read.add(name);
    var node = object.get(name);
    return node == null || node.isNull() ? MissingNode.getInstance() : node;
  }

  /** Whether there is a field. */
  public boolean has(String name) {
    return !node(name).isMissingNode();
  }

  /** A string. */
  public Optional<String> text(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isTextual()) {
      throw wrong(name, "a string");
    }
    return Optional.ofNullable(node.textValue());
  }

  /** One string, or an array of {@code least} to {@code most} of them; none if it is absent. */
  public List<String> texts(String name, int least, int most) {
    var node = node(name);
    var texts = new ArrayList<String>();
    if (node.isTextual()) {
      texts.add(node.textValue());
    } else if (node.isArray() && node.size() >= least && node.size() <= most) {
      for (var text : node) {
        if (!text.isTextual()) {
          throw wrong(name, "a string or an array of strings");
        }
        texts.add(text.textValue());
      }
    } else if (!node.isMissingNode()) {
      var count = least == 0 ? "at most " + most : least + " to " + most;
      throw wrong(name, "a string or an array of %s strings".formatted(count));
    }
    return texts;
  }

  /** An array of at most {@code most} tokens; none if it is absent. */
  public Set<Long> tokens(String name, int most) {
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

  /** True or false. */
  public Optional<Boolean> flag(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isBoolean()) {
      throw wrong(name, "true or false");
    }
    return node.isMissingNode() ? Optional.empty() : Optional.of(node.booleanValue());
  }

  /** A whole number from {@code least} to {@code most}. */
  public Optional<Long> integer(String name, long least, long most) {
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

  /** A whole number from {@code least} to {@code most}. */
  public Optional<Integer> integer(String name, int least, int most) {
    return integer(name, (long) least, most).map(Long::intValue);
  }

  /** A number from {@code least} to {@code most}. */
  public Optional<Double> number(String name, double least, double most) {
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
  public RequestFields object(String name) {
    var node = node(name);
    if (!node.isMissingNode() && !node.isObject()) {
      throw wrong(name, "an object");
    }
    return new RequestFields(prefix + name + ".", node, refusal);
  }

  /**
   * Refuses a field whose value would have an effect that is not supported.
   *
   * @param allowed the number that has no effect; null for an empty array or object
   * @param reason the end of the message
   */
  public void only(String name, @Nullable Number allowed, String reason) {
    var node = node(name);
    boolean isAllowed =
        node.isMissingNode()
            || (allowed != null && node.isNumber() && node.doubleValue() == allowed.doubleValue())
            || (allowed == null && node.isContainerNode() && node.isEmpty());
    if (!isAllowed) {
      throw refused(name, reason);
    }
  }

  /** Refuses a field that is not false. */
  public void onlyFalse(String name) {
    if (flag(name).orElse(false)) {
      throw refused(name, "is not supported");
    }
  }

  /** Refuses fields that were not read. */
  public void end() {
    var unknown =
        StreamSupport.stream(((Iterable<String>) object::fieldNames).spliterator(), false)
            .filter(name -> !read.contains(name))
            .findFirst();
    if (unknown.isPresent()) {
      throw refused(
          Printable.of(unknown.get()),
          "is unknown; known: " + read.stream().sorted().collect(Collectors.joining(", ")));
    }
  }

  /** The exception for a field that is not {@code expected}. */
  public RuntimeException wrong(String name, String expected) {
    return refused(name, "is not " + expected);
  }

  private RuntimeException refused(String name, String reason) {
    return refusal.of(prefix + name, "'%s%s' %s".formatted(prefix, name, reason));
  }
}
