package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.TensorData;
import java.util.Optional;

/** A value that is a tensor. */
public interface TensorValue extends PickleValue.Built {
  /**
   * The tensor.
   *
   * @throws PickleException if the pickle has not said all of it
   */
  TensorData data();

  /** The value as a tensor, if it is one. */
  static Optional<TensorValue> of(PickleValue value) {
    return value instanceof TensorValue tensor ? Optional.of(tensor) : Optional.empty();
  }
}
