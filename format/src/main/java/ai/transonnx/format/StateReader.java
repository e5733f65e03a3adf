package ai.transonnx.format;

import ai.transonnx.InputException;
import ai.transonnx.format.internal.Printable;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the state list of a file, trusting nothing in it. */
final class StateReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final int MOST_DIMS = 64;

  private final FormerRoles former;
  private final Set<String> seen = new HashSet<>();

  StateReader(FormerRoles former) {
    this.former = former;
  }

  List<StateTensor> read(String json) {
    JsonNode list;
    try {
      list = JSON.readTree(json);
    } catch (JsonProcessingException e) {
      throw wrong("is not JSON: " + Printable.of(e.getOriginalMessage()));
    }
    if (!list.isArray()) {
      throw wrong("is not a JSON list");
    }
    var state = new ArrayList<StateTensor>(list.size());
    for (var entry : list) {
      state.add(tensor(entry, "[" + state.size() + "]"));
    }
    return List.copyOf(state);
  }

  /** The tensor that {@code entry} describes; {@code at} is its position in the list. */
  private StateTensor tensor(JsonNode entry, String at) {
    if (!entry.isObject()) {
      throw wrong(at + " is not an object");
    }
    var input = name(entry, at, StateJson.INPUT);
    var output = name(entry, at, StateJson.OUTPUT);
    var type = type(text(entry.path(StateJson.TYPE), at + ".type"), at);
    var shape = dims(entry, at, StateJson.SHAPE);
    var first = dims(entry, at, StateJson.FIRST);
    if (first.size() != shape.size()) {
      throw wrong("%s.first is %s, but shape is %s".formatted(at, text(first), text(shape)));
    }
    checkSize(first, at + ".first", type);
    var role =
        entry.has(StateJson.ROLE)
            ? role(text(entry.path(StateJson.ROLE), at + ".role"), at)
            : former.of(input, type, shape, first);
    try {
      return new StateTensor(input, output, type, shape, first, role);
    } catch (IllegalArgumentException e) {
      throw wrong(at + ": " + Printable.of(String.valueOf(e.getMessage())));
    }
  }

  private String name(JsonNode entry, String at, String field) {
    var name = text(entry.path(field), at + "." + field);
    if (!seen.add(field + " " + name)) {
      throw wrong("%s.%s: %s is in two pairs".formatted(at, field, Printable.quoted(name)));
    }
    return name;
  }

  private static ElementType type(String label, String at) {
    return ElementType.named(label)
        .filter(type -> !type.isPacked())
        .orElseThrow(() -> wrong("%s.type: %s is no type".formatted(at, Printable.quoted(label))));
  }

  private static StateRole role(String label, String at) {
    return StateRole.named(label)
        .orElseThrow(
            () ->
                wrong(
                    "%s.role: %s is none of %s"
                        .formatted(
                            at,
                            Printable.quoted(label),
                            Arrays.stream(StateRole.values()).map(StateRole::label).toList())));
  }

  private static List<Dim> dims(JsonNode entry, String at, String field) {
    var list = entry.path(field);
    if (!list.isArray()) {
      throw wrong("%s.%s is not a list".formatted(at, field));
    }
    if (list.size() > MOST_DIMS) {
      throw wrong(
          "%s.%s has %s dimensions; at most %s are allowed"
              .formatted(at, field, list.size(), MOST_DIMS));
    }
    var dims = new ArrayList<Dim>(list.size());
    for (var dim : list) {
      dims.add(dim(dim, "%s.%s[%s]".formatted(at, field, dims.size())));
    }
    return dims;
  }

  private static Dim dim(JsonNode dim, String at) {
    if (dim.isNumber()) {
      if (!dim.isIntegralNumber() || !dim.canConvertToInt() || dim.intValue() < 0) {
        throw wrong(
            "%s is %s, not a size from 0 to 2147483647"
                .formatted(at, Printable.quoted(dim.asText())));
      }
      return Dim.of(dim.intValue());
    }
    var named = Dim.parse(text(dim, at));
    if (named.isFixed()) {
      throw wrong("%s is %s, not a name".formatted(at, Printable.quoted(dim.toString())));
    }
    return named;
  }

  /** A runtime makes a tensor of this shape before the first call. */
  private static void checkSize(List<Dim> first, String at, ElementType type) {
    double bytes = type.bytes();
    for (var dim : first) {
      if (dim.isFixed()) {
        bytes *= dim.size();
      } else if (!dim.equals(StateTensor.BATCH)) {
        throw wrong(
            "%s: %s is neither a number nor '%s'"
                .formatted(at, Printable.quoted(dim.toString()), StateTensor.BATCH));
      }
    }
    if (bytes > Integer.MAX_VALUE) {
      throw wrong("%s is %s: larger than 2 GiB".formatted(at, text(first)));
    }
  }

  private static String text(JsonNode node, String at) {
    if (node.isMissingNode()) {
      throw wrong(at + " is missing");
    }
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw wrong(at + " is " + Printable.quoted(node.toString()) + ", not a name");
    }
    return node.textValue();
  }

  private static String text(List<Dim> dims) {
    return Printable.of(dims.toString());
  }

  private static InputException wrong(String problem) {
    return new InputException("metadata '%s' %s".formatted(MetadataKey.STATE.key(), problem));
  }
}
