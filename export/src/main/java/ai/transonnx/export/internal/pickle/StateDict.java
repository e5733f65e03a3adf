package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The named tensors of a pickled checkpoint.
 *
 * @param tensors the tensors by name, in the checkpoint's order
 * @param metadata the numbers, booleans and short strings at the checkpoint's top level
 */
public record StateDict(Map<String, WeightTensor> tensors, SortedMap<String, String> metadata) {
  /** The keys under which training scripts store the state dict of the model. */
  private static final List<String> KEYS =
      List.of("model", "state_dict", "model_state_dict", "module");

  private static final int MAX_NESTING = 3;

  /**
   * Finds the state dict in a checkpoint: the checkpoint itself, or its value under one of the
   * usual keys.
   *
   * @param key the key to use instead of the usual ones; empty for these
   * @param tensor converts a value to a tensor, if it is one
   * @throws ai.transonnx.InputException if there is no state dict, or more than one
   */
  public static StateDict of(
      PickleValue checkpoint,
      Optional<String> key,
      Function<PickleValue, Optional<TensorValue>> tensor,
      Location location) {
    return new Search(tensor, location).find(checkpoint, key);
  }

  private static final class Search {
    private final Function<PickleValue, Optional<TensorValue>> tensor;
    private final Location location;

    /** Results by identity: a pickle may have one mapping under many keys. */
    private final IdentityHashMap<Mapping, Boolean> withTensors = new IdentityHashMap<>();

    private final IdentityHashMap<Mapping, Map<String, Mapping>> usual = new IdentityHashMap<>();

    Search(Function<PickleValue, Optional<TensorValue>> tensor, Location location) {
      this.tensor = tensor;
      this.location = location;
    }

    StateDict find(PickleValue checkpoint, Optional<String> key) {
      if (!(checkpoint instanceof Mapping mapping)) {
        throw location.error(
            "it holds %s; save a state dict, which maps names to tensors"
                .formatted(checkpoint.description()));
      }
      var metadata = new TreeMap<String, String>();
      describe(mapping, metadata);
      if (key.isPresent()) {
        mapping = under(mapping, key.get());
      }
      for (int depth = 0; ; depth++) {
        var nested = nested(mapping, depth);
        if (nested.isEmpty()) {
          return new StateDict(tensors(mapping), metadata);
        }
        if (nested.size() > 1) {
          throw location.error(
              "it has state dicts under %s; specify the key of one of them"
                  .formatted(quoted(List.copyOf(nested.keySet()))));
        }
        mapping = nested.values().iterator().next();
      }
    }

    private Mapping under(Mapping mapping, String key) {
      var value = new LinkedHashMap<String, Mapping>();
      mappings(mapping).forEach((name, inner) -> value.put(name, inner));
      var found = value.get(key);
      if (found == null) {
        throw location.error(
            "it has no state dict under the key '%s'; %s"
                .formatted(Printable.of(key), keys(value)));
      }
      return found;
    }

    private static String keys(Map<String, Mapping> mappings) {
      return mappings.isEmpty()
          ? "it has none under any key"
          : "its keys are " + quoted(List.copyOf(mappings.keySet()));
    }

    private static String quoted(List<String> names) {
      int most = 10;
      var shown = new ArrayList<String>();
      names.stream().limit(most).forEach(name -> shown.add("'" + Printable.of(name) + "'"));
      if (names.size() > most) {
        shown.add("%s more".formatted(names.size() - most));
      }
      return String.join(", ", shown);
    }

    /** The state dicts under the usual keys. */
    private Map<String, Mapping> nested(Mapping mapping, int depth) {
      var nested = new LinkedHashMap<String, Mapping>();
      if (depth < MAX_NESTING) {
        usual(mapping)
            .forEach(
                (name, inner) -> {
                  if (hasTensors(inner) || hasNested(inner, depth + 1)) {
                    nested.put(name, inner);
                  }
                });
      }
      return nested;
    }

    /** The mappings under the usual keys. */
    private Map<String, Mapping> usual(Mapping mapping) {
      return usual.computeIfAbsent(
          mapping,
          searched -> {
            var found = mappings(searched);
            found.keySet().retainAll(KEYS);
            return found;
          });
    }

    private boolean hasNested(Mapping mapping, int depth) {
      return !nested(mapping, depth).isEmpty();
    }

    private boolean hasTensors(Mapping mapping) {
      return withTensors.computeIfAbsent(
          mapping,
          searched ->
              searched.entries().stream()
                  .anyMatch(entry -> tensor.apply(entry.value()).isPresent()));
    }

    private static Map<String, Mapping> mappings(Mapping mapping) {
      var mappings = new LinkedHashMap<String, Mapping>();
      for (var entry : mapping.entries()) {
        if (entry.value() instanceof Mapping inner) {
          PickleValue.text(entry.key()).ifPresent(name -> mappings.put(name, inner));
        }
      }
      return mappings;
    }

    private Map<String, WeightTensor> tensors(Mapping mapping) {
      var tensors = new LinkedHashMap<String, WeightTensor>();
      for (var entry : mapping.entries()) {
        var value = tensor.apply(entry.value());
        if (value.isPresent()) {
          String name = name(entry.key());
          try {
            if (tensors.put(name, value.get().data().named(name)) != null) {
              throw new PickleException("it occurs twice");
            }
          } catch (PickleException e) {
            throw location.error("tensor '%s': %s".formatted(Printable.of(name), e.getMessage()));
          }
        }
      }
      if (tensors.isEmpty()) {
        var elsewhere = new LinkedHashMap<String, Mapping>();
        mappings(mapping)
            .forEach(
                (name, inner) -> {
                  if (hasTensors(inner)) {
                    elsewhere.put(name, inner);
                  }
                });
        throw location.error(
            elsewhere.isEmpty()
                ? "it has no tensors"
                : "it has tensors only under %s; specify the key of the state dict"
                    .formatted(quoted(List.copyOf(elsewhere.keySet()))));
      }
      return tensors;
    }

    private String name(PickleValue key) {
      String name =
          PickleValue.text(key)
              .orElseThrow(
                  () ->
                      location.error(
                          "a tensor's name must be a string of at most %s bytes, got %s"
                              .formatted(PickleValue.MAX_SHORT_TEXT, key.description())));
      if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
        throw location.error(
            "tensor '%s': a name cannot be empty or have control characters"
                .formatted(Printable.of(name)));
      }
      return name;
    }

    private static void describe(Mapping mapping, SortedMap<String, String> metadata) {
      for (var entry : mapping.entries()) {
        var value = entry.value();
        if (value instanceof Int || value instanceof Bool || value instanceof Text) {
          PickleValue.text(entry.key())
              .ifPresent(name -> metadata.put(Printable.of(name), shown(value)));
        }
      }
    }

    private static String shown(PickleValue value) {
      if (value instanceof Int number) {
        return Long.toString(number.value());
      }
      return value instanceof Text text ? Printable.of(text.value()) : value.description();
    }
  }
}
