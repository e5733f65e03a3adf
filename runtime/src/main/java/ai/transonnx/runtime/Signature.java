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

  /** The input named {@code name}, if the model has it. */
  public Optional<TensorSpec> input(String name) {
    return Optional.ofNullable(inputs.get(name));
  }

  /** The output named {@code name}, if the model has it. */
  public Optional<TensorSpec> output(String name) {
    return Optional.ofNullable(outputs.get(name));
  }

  /**
   * Whether an input has a row for each sequence of the batch; a mask may be shared by all of them
   * instead.
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
   * @throws TypeException if one has another type than its {@link TensorSpec}
   * @throws ShapeException if one has another shape; dimensions of the same name must have the same
   *     size
   */
  void checkInputs(Map<String, Tensor> tensors) {
    checkNamesAndTypes(tensors);
    var sizes = new HashMap<Dim, Long>();
    for (TensorSpec spec : inputs.values()) {
      spec.check(given(tensors, spec), sizes);
    }
  }

  /** Checks {@code tensors} as {@link #checkInputs} does, but not their shapes. */
  void checkNamesAndTypes(Map<String, Tensor> tensors) {
    for (String name : tensors.keySet()) {
      if (!inputs.containsKey(name)) {
        throw new NameException(
            "the model has no input '%s'; it takes %s".formatted(name, inputs.values()));
      }
    }
    for (TensorSpec spec : inputs.values()) {
      spec.checkType(given(tensors, spec));
    }
  }

  private static Tensor given(Map<String, Tensor> tensors, TensorSpec spec) {
    Tensor tensor = tensors.get(spec.name());
    if (tensor == null) {
      throw new NameException("input '%s' is missing: %s".formatted(spec.name(), spec));
    }
    return tensor;
  }
}
