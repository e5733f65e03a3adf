package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.weights.WeightSet;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Searches a checkpoint for its state dicts: the dictionaries that have tensors as values, and the
 * modules that were saved as objects. Those with the fewest keys before them come first, and those
 * under a number, such as an optimizer's state, last. Each value is searched once, under the first
 * of its names.
 */
final class StateDicts {
  private static final int MAX_DEPTH = 16;
  private static final int MAX_KEY = 1024;
  private static final int MAX_SETS = 10_000;

  private record Place(KeyPath path, PickleValue value) {}

  private record Inner(KeyPath path, PickledModule module) {}

  private final Function<PickleValue, Optional<TensorValue>> tensor;
  private final NamedValues values = new NamedValues();
  private final ModuleTensors modules = new ModuleTensors(values);
  private final Set<PickleValue> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Place> named = new ArrayDeque<>();
  private final Deque<Place> numbered = new ArrayDeque<>();
  private final List<WeightSet> sets = new ArrayList<>();

  private StateDicts(Function<PickleValue, Optional<TensorValue>> tensor) {
    this.tensor = tensor;
  }

  /**
   * The state dicts in a value.
   *
   * @param path the keys that lead to the value
   * @param tensor converts a value to a tensor, if it may be one
   */
  static List<WeightSet> in(
      PickleValue value, KeyPath path, Function<PickleValue, Optional<TensorValue>> tensor) {
    var search = new StateDicts(tensor);
    search.add(path, value, search.named);
    search.run();
    return List.copyOf(search.sets);
  }

  private void run() {
    while (sets.size() < MAX_SETS && !(named.isEmpty() && numbered.isEmpty())) {
      boolean isNamed = !named.isEmpty();
      var queue = isNamed ? named : numbered;
      var place = queue.remove();
      var module = modules.module(place.value());
      if (module.isPresent()) {
        module(place.path(), module.get(), queue);
      } else {
        dictionary(place, queue);
      }
    }
  }

  private void module(KeyPath path, PickledModule module, Deque<Place> queue) {
    var inner = new ArrayList<Inner>();
    var collected =
        modules.collect(
            module,
            path,
            (innerPath, found) -> {
              if (seen.add(found.self())) {
                inner.add(new Inner(innerPath, found));
              }
            });
    addSet(path, collected);
    module.attributes(values, (key, value) -> add(path, key, value, queue));
    inner.forEach(
        part ->
            part.module().attributes(values, (key, value) -> add(part.path(), key, value, queue)));
  }

  private void dictionary(Place place, Deque<Place> queue) {
    var dictionaries = new ArrayList<Mapping>();
    NamedValues.mappings(
        place.value(),
        mapping -> {
          if (mapping == place.value() || seen.add(mapping)) {
            dictionaries.add(mapping);
          }
        });
    var collected = new TensorCollector();
    for (var dictionary : dictionaries) {
      values.entries(
          dictionary,
          (key, value) -> tensor.apply(value).ifPresent(found -> collected.add(key, found)));
    }
    addSet(place.path(), collected);
    for (var dictionary : dictionaries) {
      values.entries(
          dictionary,
          (key, value) -> add(place.path(), key, value, key instanceof Int ? numbered : queue));
    }
    values.numbered(place.value(), (key, value) -> add(place.path(), key, value, queue));
  }

  private void addSet(KeyPath path, TensorCollector collected) {
    if (collected.hasTensor()) {
      sets.add(collected.set(path));
    }
  }

  private void add(KeyPath path, PickleValue key, PickleValue value, Deque<Place> queue) {
    if (NamedValues.isContainer(value)) {
      NamedValues.name(key).ifPresent(name -> add(path.to(name), value, queue));
    }
  }

  private void add(KeyPath path, PickleValue value, Deque<Place> queue) {
    if (path.depth() <= MAX_DEPTH && path.length() <= MAX_KEY && seen.add(value)) {
      queue.add(new Place(path, value));
    }
  }
}
