package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Sequence;
import ai.transonnx.export.internal.pickle.PickleValue.Tuple;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * The values within a value, with the keys that lead to them. A pickle can have one dictionary as
 * the attributes of many objects, so that a walk over all values may be far longer than the file;
 * the number of entries is limited.
 */
final class NamedValues {
  /** More than twice the most values of a pickle. */
  private static final long MAX_ENTRIES = 8_000_000;

  private long left = MAX_ENTRIES;

  /** The dictionaries of a value: itself, or the attributes and entries of an object. */
  static void mappings(PickleValue value, Consumer<Mapping> action) {
    if (value instanceof Mapping mapping) {
      action.accept(mapping);
    } else if (value instanceof Instance instance) {
      instance.entries().ifPresent(action);
      for (var state : instance.states()) {
        if (state instanceof Mapping attributes) {
          action.accept(attributes);
        } else if (isAttributesAndSlots(state)) {
          ((Tuple) state).items().forEach(part -> mappings(part, action));
        }
      }
    }
  }

  /** Whether a state is that of a class with {@code __slots__}: attributes or None, then slots. */
  private static boolean isAttributesAndSlots(PickleValue state) {
    return state instanceof Tuple tuple
        && tuple.items().size() == 2
        && tuple.items().get(1) instanceof Mapping
        && (tuple.items().get(0) instanceof Mapping
            || tuple.items().get(0) instanceof PickleValue.None);
  }

  /** The entries of a value's dictionaries. */
  void entries(PickleValue value, BiConsumer<PickleValue, PickleValue> action) {
    mappings(value, mapping -> entriesOf(mapping, action));
  }

  private void entriesOf(Mapping mapping, BiConsumer<PickleValue, PickleValue> action) {
    count(mapping.entries().size());
    mapping.entries().forEach(entry -> action.accept(entry.key(), entry.value()));
  }

  /** The values in a value's items, arguments and other states that may contain others. */
  void numbered(PickleValue value, BiConsumer<PickleValue, PickleValue> action) {
    if (value instanceof Sequence list) {
      items(list.items(), action);
    } else if (value instanceof Tuple tuple) {
      items(tuple.items(), action);
    } else if (value instanceof Instance instance) {
      items(instance.arguments(), action);
      instance.items().ifPresent(list -> items(list.items(), action));
      items(instance.states().stream().filter(Tuple.class::isInstance).toList(), action);
    }
  }

  private void items(List<PickleValue> values, BiConsumer<PickleValue, PickleValue> action) {
    count(values.size());
    for (int i = 0; i < values.size(); i++) {
      if (isContainer(values.get(i))) {
        action.accept(new Int(i), values.get(i));
      }
    }
  }

  /** Counts entries that are about to be read. */
  void count(long entries) {
    left -= entries;
    if (left < 0) {
      throw new PickleException(
          "its objects share their parts so often that they have more than %s in total"
              .formatted(MAX_ENTRIES));
    }
  }

  /** Whether a value may contain others. */
  static boolean isContainer(PickleValue value) {
    return value instanceof Mapping
        || value instanceof Sequence
        || value instanceof Tuple
        || value instanceof Instance;
  }

  /** A key as a part of a path; empty if it is neither a short string nor an integer. */
  static Optional<String> name(PickleValue key) {
    return key instanceof Int number
        ? Optional.of(Long.toString(number.value()))
        : PickleValue.text(key);
  }
}
