package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.TensorData;
import java.util.Optional;

/** A tensor in a pickle. */
public interface TensorValue extends PickleValue.LibraryObject {
  /**
   * The tensor.
   *
   * @throws PickleException if the pickle does not define all of it
   */
  TensorData data();

  /** The value as a tensor, if it is one. */
  static Optional<TensorValue> of(PickleValue value) {
    return value instanceof TensorValue tensor ? Optional.of(tensor) : Optional.empty();
  }
}
