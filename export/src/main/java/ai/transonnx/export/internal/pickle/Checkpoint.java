package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.pickle.PickleValue.Bool;
import ai.transonnx.export.internal.pickle.PickleValue.Int;
import ai.transonnx.export.internal.pickle.PickleValue.Mapping;
import ai.transonnx.export.internal.pickle.PickleValue.Text;
import ai.transonnx.export.internal.weights.FileContents;
import ai.transonnx.export.internal.weights.Location;
import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.format.internal.Printable;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;

/** The contents of a pickled checkpoint: its state dicts, and what else it has. */
public final class Checkpoint {
  private Checkpoint() {}

  /**
   * Finds the state dicts in a checkpoint.
   *
   * @param key the path of keys under which to search; empty to search everything
   * @param tensor converts a value to a tensor, if it may be one
   * @throws ai.transonnx.InputException if there is no usable tensor
   */
  public static FileContents contents(
      PickleValue checkpoint,
      Optional<String> key,
      Function<PickleValue, Optional<TensorValue>> tensor,
      Location location) {
    try {
      return found(checkpoint, key, tensor, location);
    } catch (PickleException e) {
      throw location.error(String.valueOf(e.getMessage()));
    }
  }

  private static FileContents found(
      PickleValue checkpoint,
      Optional<String> key,
      Function<PickleValue, Optional<TensorValue>> tensor,
      Location location) {
    var sets =
        key.isEmpty()
            ? StateDicts.in(checkpoint, KeyPath.TOP, tensor)
            : under(checkpoint, key.get(), tensor, location);
    if (sets.isEmpty()) {
      throw location.error(
          checkpoint instanceof Mapping
              ? "it has no tensors"
              : "it holds %s; save a state dict, which maps names to tensors"
                  .formatted(checkpoint.description()));
    }
    requireUsable(sets, location);
    var chosen = ChosenSet.of(sets, key.orElse(""));
    return new FileContents(
        chosen, sets, metadata(checkpoint), ValueSummary.others(checkpoint, sets));
  }

  private static List<WeightSet> under(
      PickleValue checkpoint,
      String key,
      Function<PickleValue, Optional<TensorValue>> tensor,
      Location location) {
    var sets =
        KeyLookup.find(checkpoint, key)
            .map(value -> StateDicts.in(value, KeyPath.TOP.to(key), tensor))
            .orElse(List.of());
    if (sets.isEmpty()) {
      var all = StateDicts.in(checkpoint, KeyPath.TOP, tensor);
      throw location.error(
          "it has no state dict under the key '%s'; %s"
              .formatted(Printable.of(key), available(key, all)));
    }
    var exact = sets.stream().filter(set -> set.key().equals(key)).findFirst();
    return exact.map(List::of).orElse(sets);
  }

  private static String available(String key, List<WeightSet> sets) {
    if (sets.isEmpty()) {
      return "it has none under any key";
    }
    boolean isPrefix =
        sets.stream()
            .flatMap(set -> set.tensors().keySet().stream())
            .anyMatch(name -> name.startsWith(key + "."));
    return isPrefix
        ? "names of its tensors start with '%s.', so use --weights-prefix instead"
            .formatted(Printable.of(key))
        : "its keys are " + ChosenSet.keys(sets);
  }

  private static void requireUsable(List<WeightSet> sets, Location location) {
    if (sets.stream().allMatch(set -> set.tensors().isEmpty())) {
      var first = sets.get(0).unusable().entrySet().iterator().next();
      throw location.error(
          "tensor '%s': %s".formatted(Printable.of(first.getKey()), first.getValue()));
    }
  }

  /** The numbers, booleans and short strings at the top level. */
  private static SortedMap<String, String> metadata(PickleValue checkpoint) {
    var metadata = new TreeMap<String, String>();
    if (checkpoint instanceof Mapping mapping) {
      for (var entry : mapping.entries()) {
        var value = entry.value();
        if (value instanceof Int || value instanceof Bool || value instanceof Text) {
          PickleValue.text(entry.key())
              .ifPresent(name -> metadata.put(Printable.of(name), ValueSummary.shortValue(value)));
        }
      }
    }
    return metadata;
  }
}
