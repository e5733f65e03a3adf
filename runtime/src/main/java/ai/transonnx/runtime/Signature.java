package ai.transonnx.runtime;

import ai.transonnx.format.Dim;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

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
   * Whether an input has a row for each sequence that the model continues, and is not one for all
   * of them, as a mask can be.
   */
  public boolean hasRows(String name) {
    var sequence =
        Stream.of(OnnxModel.TOKENS, OnnxModel.TARGET, OnnxModel.X)
            .filter(inputs::containsKey)
            .findFirst();
    return input(name).isPresent() && sequence.isPresent() && row(name).equals(row(sequence.get()));
  }

  private Optional<Dim> row(String name) {
    return input(name).flatMap(spec -> spec.dims().stream().findFirst());
  }

  /**
   * Checks that {@code tensors} are the inputs of one call.
   *
   * @throws NameException if one is unknown or missing
   * @throws TypeException if one is of another type than its {@link TensorSpec} says
   * @throws ShapeException if one is of another shape; dimensions of one name must have one size
   */
  void checkInputs(Map<String, Tensor> tensors) {
    for (String name : tensors.keySet()) {
      if (!inputs.containsKey(name)) {
        throw new NameException(
            "the model has no input '%s'; it takes %s".formatted(name, inputs.values()));
      }
    }
    var sizes = new HashMap<Dim, Long>();
    for (TensorSpec spec : inputs.values()) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor == null) {
        throw new NameException("input '%s' is missing: %s".formatted(spec.name(), spec));
      }
      spec.check(tensor, sizes);
    }
  }
}
