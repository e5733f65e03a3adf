package ai.transonnx.export.internal.pickle;

import ai.transonnx.export.internal.weights.TensorData;
import java.util.Optional;

/** A tensor in a pickle, or an object that may be one. */
public interface TensorValue extends PickleValue.LibraryObject {
  /**
   * The tensor.
   *
   * @throws PickleException if it cannot be used: the pickle does not define all of it, its type is
   *     not supported, or it is no tensor; the message is the reason
   */
  TensorData data();

  /** Whether this is known to be a tensor. */
  default boolean isTensor() {
    return true;
  }

  /** The value as a tensor, if it may be one. */
  static Optional<TensorValue> of(PickleValue value) {
    return value instanceof TensorValue tensor ? Optional.of(tensor) : Optional.empty();
  }
}
