package ai.transonnx.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the state pairs of a model's metadata and holds each against the graph's signature. */
final class StateReader {
  private final @Nullable Signature signature;
  private final Function<String, ModelException> failure;
  private final Set<String> seen = new HashSet<>();

  /**
   * @param signature the graph's, or null if it is not known
   * @param failure makes the exception of a problem, such as {@code [2].type is missing}
   */
  StateReader(@Nullable Signature signature, Function<String, ModelException> failure) {
    this.signature = signature;
    this.failure = failure;
  }

  /** The pair that {@code entry} describes; {@code at} is its place in the list. */
  StatePair pair(JsonNode entry, String at) {
    if (!entry.isObject()) {
      throw failure.apply(at + " is not an object");
    }
    String input = name(entry, at, "input");
    String output = name(entry, at, "output");
    String typeName = text(entry.path("type"), at + ".type");
    ElementType type =
        ElementType.named(typeName)
            .orElseThrow(
                () ->
                    failure.apply(at + ".type: " + MetadataReader.quote(typeName) + " is no type"));
    List<Dim> shape = dims(entry, at, "shape");
    List<Dim> first = dims(entry, at, "first");
    var pair = new StatePair(input, output, type, shape, first);
    if (signature != null) {
      agree(pair, at, signature);
    }
    checkSize(first, at + ".first", type);
    return pair;
  }

  private String name(JsonNode entry, String at, String field) {
    String name = text(entry.path(field), at + "." + field);
    if (!seen.add(field + " " + name)) {
      throw failure.apply("%s.%s: '%s' is in two pairs".formatted(at, field, name));
    }
    return name;
  }

  private void agree(StatePair pair, String at, Signature graph) {
    TensorSpec input = spec(pair.input(), at, "input", graph.inputs());
    TensorSpec output = spec(pair.output(), at, "output", graph.outputs());
    for (TensorSpec spec : List.of(input, output)) {
      if (spec.type() != pair.type()) {
        throw failure.apply("%s.type is %s, but the graph has %s".formatted(at, pair.type(), spec));
      }
    }
    agree(pair.shape(), at + ".shape", input);
    agree(pair.shape(), at + ".shape", output);
    agree(pair.first(), at + ".first", input);
  }

  private TensorSpec spec(String name, String at, String field, Map<String, TensorSpec> specs) {
    TensorSpec spec = specs.get(name);
    if (spec == null) {
      throw failure.apply(
          "%s.%s: the graph has no %s %s".formatted(at, field, field, MetadataReader.quote(name)));
    }
    return spec;
  }

  private List<Dim> dims(JsonNode entry, String at, String field) {
    JsonNode list = entry.path(field);
    if (!list.isArray()) {
      throw failure.apply("%s.%s is not a list".formatted(at, field));
    }
    var dims = new ArrayList<Dim>(list.size());
    for (JsonNode dim : list) {
      dims.add(dim(dim, "%s.%s[%s]".formatted(at, field, dims.size())));
    }
    return dims;
  }

  private Dim dim(JsonNode dim, String at) {
    if (!dim.isNumber()) {
      return new Dim.Named(text(dim, at));
    }
    if (!dim.isIntegralNumber() || !dim.canConvertToInt() || dim.intValue() < 0) {
      throw failure.apply(
          "%s is %s, not a size from 0 to 2147483647"
              .formatted(at, MetadataReader.quote(dim.asText())));
    }
    return new Dim.Fixed(dim.intValue());
  }

  private void agree(List<Dim> dims, String at, TensorSpec spec) {
    boolean agree = dims.size() == spec.rank();
    for (int axis = 0; agree && axis < dims.size(); axis++) {
      var fixed = spec.fixedSize(axis);
      agree =
          !(dims.get(axis) instanceof Dim.Fixed size)
              || fixed.isEmpty()
              || fixed.getAsLong() == size.size();
    }
    if (!agree) {
      throw failure.apply("%s is %s, but the graph has %s".formatted(at, dims, spec));
    }
  }

  private void checkSize(List<Dim> first, String at, ElementType type) {
    double bytes = type.bytes();
    for (Dim dim : first) {
      if (dim instanceof Dim.Fixed fixed) {
        bytes *= fixed.size();
      } else if (!dim.equals(new Dim.Named(StatePair.BATCH))) {
        throw failure.apply(
            "%s: %s is neither a number nor '%s'"
                .formatted(at, MetadataReader.quote(dim.toString()), StatePair.BATCH));
      }
    }
    if (bytes > Integer.MAX_VALUE) {
      throw failure.apply("%s is %s: larger than 2 GiB".formatted(at, first));
    }
  }

  private String text(JsonNode node, String at) {
    if (node.isMissingNode()) {
      throw failure.apply(at + " is missing");
    }
    if (!node.isTextual() || node.textValue().isEmpty()) {
      throw failure.apply(at + " is " + MetadataReader.quote(node.toString()) + ", not a name");
    }
    return node.textValue();
  }
}
