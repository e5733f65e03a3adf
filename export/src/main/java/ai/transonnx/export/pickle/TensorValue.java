package ai.transonnx.export.pickle;

import ai.transonnx.export.weights.TensorData;

/** A value that is a tensor. */
public interface TensorValue extends PickleValue.Built {
  /**
   * The tensor.
   *
   * @throws PickleException if the pickle has not said all of it
   */
  TensorData data();
}
