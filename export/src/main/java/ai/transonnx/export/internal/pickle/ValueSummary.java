package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.None;
import ai.transonnx.export.internal.pickle.PickleValue.Real;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Short descriptions of a checkpoint's values, for people. */
final class ValueSummary {
  /** More than the attributes of any object. */
  private static final int MAX_KEYS = 10_000;

  private static final int MAX_VALUES = 100;
  private static final int MAX_PARTS = 12;
  private static final int LONGEST_PART = 60;

  private ValueSummary() {}

  /**
   * The entries of a checkpoint at its top level beside tensors, numbers and strings, by key or
   * attribute.
   *
   * @param sets the checkpoint's state dicts; those that have nothing else are left out
   */
  static Map<String, String> others(PickleValue checkpoint, List<WeightSet> sets) {
    var tensors = new HashMap<String, Integer>();
    sets.forEach(set -> tensors.put(set.key(), set.tensors().size() + set.unusable().size()));
    var others = new LinkedHashMap<String, String>();
    if (checkpoint instanceof Instance instance) {
      others.put("class", instance.typeName());
    }
    NamedValues.mappings(
        checkpoint,
        mapping ->
            mapping.entries().stream()
                .limit(MAX_KEYS)
                .filter(entry -> others.size() < MAX_VALUES && isOther(entry.value()))
                .forEach(
                    entry ->
                        NamedValues.name(entry.key())
                            .filter(name -> !name.startsWith("_"))
                            .filter(name -> !isDictionaryOf(tensors.get(name), entry.value()))
                            .ifPresent(
                                name -> others.put(Printable.of(name), summary(entry.value())))));
    return others;
  }

  private static boolean isDictionaryOf(@Nullable Integer entries, PickleValue value) {
    return entries != null
        && value instanceof Mapping mapping
        && mapping.entries().size() == entries;
  }

  private static boolean isOther(PickleValue value) {
    boolean isMetadata = value instanceof Int || value instanceof Bool || value instanceof Text;
    boolean isTensor = value instanceof TensorValue && !(value instanceof Instance);
    return !isMetadata && !isTensor;
  }

  /** A value in a few words: its kind, and the first of its parts. */
  private static String summary(PickleValue value) {
    if (value instanceof Mapping mapping) {
      return "a dictionary of %s".formatted(mapping.entries().size()) + parts(value);
    }
    if (value instanceof Instance instance) {
      return instance.typeName() + parts(value);
    }
    if (value instanceof Sequence list) {
      return "a list of %s".formatted(list.items().size()) + items(list.items());
    }
    if (value instanceof Tuple tuple) {
      return "a tuple of %s".formatted(tuple.items().size()) + items(tuple.items());
    }
    return shortValue(value);
  }

  private static String parts(PickleValue value) {
    var parts = new ArrayList<String>();
    NamedValues.mappings(
        value,
        mapping ->
            mapping.entries().stream()
                .limit(Math.max(0, MAX_PARTS + 1 - parts.size()))
                .forEach(entry -> part(entry).ifPresent(parts::add)));
    if (parts.isEmpty() && value instanceof Instance instance) {
      return items(instance.arguments());
    }
    return joined(parts);
  }

  private static Optional<String> part(Mapping.Entry entry) {
    return NamedValues.name(entry.key())
        .map(name -> cut(name) + "=" + cut(shortValue(entry.value())));
  }

  private static String items(List<PickleValue> items) {
    return joined(items.stream().limit(MAX_PARTS + 1L).map(item -> cut(shortValue(item))).toList());
  }

  private static String joined(List<String> parts) {
    var shown = new ArrayList<>(parts.subList(0, Math.min(MAX_PARTS, parts.size())));
    if (parts.size() > MAX_PARTS) {
      shown.add("...");
    }
    return shown.isEmpty() ? "" : ": " + String.join(", ", shown);
  }

  /** A number or a string as itself, anything else as its kind. */
  static String shortValue(PickleValue value) {
    if (value instanceof Int number) {
      return Long.toString(number.value());
    }
    if (value instanceof Real number) {
      return Double.toString(number.value());
    }
    if (value instanceof None || value instanceof Bool) {
      return value.description();
    }
    if (value instanceof Instance instance) {
      return instance.typeName();
    }
    return value instanceof Text text ? Printable.of(text.value()) : value.description();
  }

  private static String cut(String text) {
    String shown = Printable.of(text);
    int characters = shown.codePointCount(0, shown.length());
    return characters <= LONGEST_PART
        ? shown
        : shown.substring(0, shown.offsetByCodePoints(0, LONGEST_PART)) + "...";
  }
}
