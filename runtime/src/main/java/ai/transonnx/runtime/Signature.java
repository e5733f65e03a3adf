package ai.transonnx.runtime;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A model's inputs and outputs by name, in the model's order. */
public record Signature(Map<String, TensorSpec> inputs, Map<String, TensorSpec> outputs) {
  public Signature {
    inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
    outputs = Collections.unmodifiableMap(new LinkedHashMap<>(outputs));
  }

  /** What the model takes as {@code name}, if it has such an input. */
  public Optional<TensorSpec> input(String name) {
    return Optional.ofNullable(inputs.get(name));
  }

  /** What the model gives as {@code name}, if it has such an output. */
  public Optional<TensorSpec> output(String name) {
    return Optional.ofNullable(outputs.get(name));
  }

  /**
   * Checks that {@code tensors} are the inputs of one call.
   *
   * @throws RequestException if one is unknown, missing, or not of the type and shape that its
   *     {@link TensorSpec} says; dimensions of one name must have one size
   */
  void checkInputs(Map<String, Tensor> tensors) {
    for (String name : tensors.keySet()) {
      if (!inputs.containsKey(name)) {
        throw new RequestException(
            "the model has no input '%s'; it takes %s".formatted(name, inputs.values()));
      }
    }
    var sizes = new LinkedHashMap<String, Long>();
    for (TensorSpec spec : inputs.values()) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor == null) {
        throw new RequestException("input '%s' is missing: %s".formatted(spec.name(), spec));
      }
      spec.check(tensor, sizes);
    }
  }
}
