package ai.transonnx.verification.internal.truth;

import ai.transonnx.InputException;
import ai.transonnx.format.ElementType;
import ai.transonnx.format.StateTensor;
import ai.transonnx.runtime.InferenceException;
import ai.transonnx.runtime.ModelOptions;
import ai.transonnx.runtime.OnnxModel;
import ai.transonnx.runtime.Tensor;
import ai.transonnx.verification.internal.call.PlannedCall;
import ai.transonnx.verification.internal.run.HeapMemory;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A twin in float64, loaded. For one thread. */
final class TwinRun implements AutoCloseable {
  private final OnnxModel model;
  private final HeapMemory heap;

  /**
   * Loads a twin. Optimizations are off: they would convert all weights to float64 at once. Memory
   * is returned after each run, because several twins are loaded at a time.
   *
   * @param heap is shared by the twins that run in turn
   * @throws ai.transonnx.runtime.ModelException if ONNX Runtime does not accept it
   */
  TwinRun(Path file, HeapMemory heap) {
    this.heap = heap;
    model =
        OnnxModel.load(
            file,
            ModelOptions.builder()
                .optimisation(ModelOptions.Optimisation.NONE)
                .returnMemory()
                .build());
  }

  /** All outputs of a call; floating-point inputs of any type become float64. */
  Map<String, Tensor> run(PlannedCall call, Map<String, Tensor> state, Map<String, Tensor> others) {
    var inputs = new HashMap<String, Tensor>();
    call.inputs().forEach((name, tensor) -> inputs.put(name, exact(tensor)));
    state.forEach((name, tensor) -> inputs.put(name, exact(tensor)));
    inputs.putAll(others);
    try {
      heap.beforeRun();
      return heap.returned(model.run(inputs).asMap());
    } catch (InferenceException e) {
      throw new InputException(
          "%s (%s): %s".formatted(call.name(), call.description(), e.getMessage()), e);
    }
  }

  private static Tensor exact(Tensor tensor) {
    return tensor.type().isFloatingPoint() ? tensor.as(ElementType.FLOAT64) : tensor;
  }

  /** A state tensor as the twin has it. */
  static StateTensor exact(StateTensor pair) {
    return pair.type().isFloatingPoint()
        ? new StateTensor(
            pair.input(),
            pair.output(),
            ElementType.FLOAT64,
            pair.shape(),
            pair.first(),
            pair.role())
        : pair;
  }

  /** Tensors in the types of the file, by the names of outputs. */
  static Map<String, Tensor> typed(Map<String, Tensor> outputs, Map<String, ElementType> types) {
    var typed = new HashMap<String, Tensor>();
    types.forEach(
        (name, type) -> {
          var tensor = outputs.get(name);
          if (tensor != null) {
            typed.put(name, type.isFloatingPoint() ? tensor.as(type) : tensor);
          }
        });
    return typed;
  }

  @Override
  public void close() {
    model.close();
  }
}
