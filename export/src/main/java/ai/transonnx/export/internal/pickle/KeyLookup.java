package ai.transonnx.export.internal.pickle;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/** Finds the value under a path of keys, such as {@code callbacks.ema.model}. */
final class KeyLookup {
  /**
   * A value that is reached by the start of the path.
   *
   * @param end the length of this start
   */
  private record Reached(PickleValue value, int end) {}

  private KeyLookup() {}

  /**
   * The value within a checkpoint; empty if there is none. Keys may have dots themselves, so that
   * several ways are followed, each value once for each position in the path.
   */
  static Optional<PickleValue> find(PickleValue checkpoint, String path) {
    Map<Integer, Set<PickleValue>> seen = new HashMap<>();
    var places = new ArrayDeque<Reached>();
    places.add(new Reached(checkpoint, 0));
    var values = new NamedValues();
    var found = new ArrayDeque<PickleValue>();
    while (found.isEmpty() && !places.isEmpty()) {
      var place = places.remove();
      if (!seen.computeIfAbsent(
              place.end(), end -> Collections.newSetFromMap(new IdentityHashMap<>()))
          .add(place.value())) {
        continue;
      }
      BiConsumer<PickleValue, PickleValue> follow =
          (key, value) ->
              NamedValues.name(key)
                  .filter(name -> path.startsWith(name, place.end()))
                  .map(name -> place.end() + name.length())
                  .ifPresent(
                      end -> {
                        if (end == path.length()) {
                          found.add(value);
                        } else if (path.charAt(end) == '.') {
                          places.add(new Reached(value, end + 1));
                        }
                      });
      values.entries(place.value(), follow);
      values.numbered(place.value(), follow);
    }
    return Optional.ofNullable(found.peekLast());
  }
}
