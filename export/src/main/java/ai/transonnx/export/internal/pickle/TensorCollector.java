package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.weights.WeightSet;
import ai.transonnx.export.weights.WeightTensor;
import ai.transonnx.format.internal.Printable;
import java.util.LinkedHashMap;
import java.util.Map;

/** Collects the tensors of one state dict, and the reasons for which others cannot be used. */
final class TensorCollector {
  private static final int MAX_UNUSABLE = 10_000;

  private final Map<String, WeightTensor> tensors = new LinkedHashMap<>();
  private final Map<String, String> unusable = new LinkedHashMap<>();
  private boolean hasTensor;

  /** Whether one of the values is known to be a tensor. */
  boolean hasTensor() {
    return hasTensor;
  }

  /** Adds a value that may be a tensor. */
  void add(PickleValue key, TensorValue value) {
    PickleValue.text(key)
        .ifPresentOrElse(
            name -> add(name, value),
            () ->
                unusable(
                    "of an unknown name",
                    value,
                    "a tensor's name must be a string of at most %s bytes, got %s"
                        .formatted(PickleValue.MAX_SHORT_TEXT, key.description())));
  }

  /** Adds a value that may be a tensor. */
  void add(String name, TensorValue value) {
    if (name.isEmpty() || name.chars().anyMatch(Character::isISOControl)) {
      unusable(Printable.of(name), value, "a name cannot be empty or have control characters");
    } else if (tensors.containsKey(name)) {
      tensors.remove(name);
      unusable(name, value, "it occurs twice");
    } else if (!unusable.containsKey(name)) {
      try {
        tensors.put(name, value.data().named(name));
        hasTensor = true;
      } catch (PickleException e) {
        unusable(name, value, String.valueOf(e.getMessage()));
      }
    }
  }

  private void unusable(String name, TensorValue value, String reason) {
    hasTensor |= value.isTensor();
    if (unusable.size() < MAX_UNUSABLE) {
      unusable.putIfAbsent(name, reason);
    }
  }

  WeightSet set(KeyPath key) {
    return new WeightSet(key.toString(), tensors, unusable);
  }
}
